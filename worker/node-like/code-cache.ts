/** What is shipped was compiled by Node. */
export function useCodeCache(_folder: string, _url: string): void {}

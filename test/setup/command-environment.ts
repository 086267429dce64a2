/** Where the network is, which certificates count, and what the user set for npm and pip. */
const KEPT =
  /^(PATH|HOME|USER|LANG|LC_\w+|TMPDIR|\w+_proxy|SSL_CERT_\w+|\w*CA_BUNDLE|NODE_EXTRA_CA_CERTS|npm_config_\w+|PIP_\w+)$/i;

/**
 * The variables that commands of the setup get. Compiler flags, `MAKEFLAGS` of the make that started the setup,
 * `NODE_OPTIONS` and the like stay behind: they would change or break what is built.
 *
 * @param variables the variables of the shell
 * @returns those that commands need
 */
export function commandEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => KEPT.test(name)));
}

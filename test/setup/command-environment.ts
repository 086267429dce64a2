/** Where the network is, which certificates count, and where the user's own settings and downloads are. */
const KEPT =
  /^(PATH|HOME|USER|LANG|LC_\w+|TMPDIR|XDG_\w+_HOME|\w+_proxy|SSL_CERT_\w+|\w*CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/i;
/** What the user set for npm, pip, Go and cargo, as far as it says where packages come from and go to. */
const KEPT_OF_TOOLS =
  /^(npm_config_\w+|PIP_\w+|GO(PROXY|SUMDB|PRIVATE|NOPROXY|NOSUMDB|INSECURE|TOOLCHAIN|PATH|MODCACHE|CACHE)|RUSTUP_\w+|CARGO_(HOME|HTTP_\w+|NET_\w+|REGISTR\w+))$/i;

/**
 * The variables that commands of the setup get. Compiler flags, `MAKEFLAGS` of the make that started the setup,
 * `NODE_OPTIONS` and the like stay behind: they would change or break what is built.
 *
 * @param variables the variables of the shell
 * @returns those that commands need
 */
export function commandEnvironment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => KEPT.test(name) || KEPT_OF_TOOLS.test(name)),
  );
}

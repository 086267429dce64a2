<?php

/*
 * The program inside a PHP worker: reads one go line, loads the function, serves its invocations. The contract with the
 * bootstrap is in `worker/protocol.ts`, whose twin is Protocol.php.
 */

declare(strict_types=1);

use Pilotlight\Host;
use Pilotlight\StandardInput;

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Pilotlight\\')) {
        require __DIR__ . '/' . strtr(substr($class, 11), '\\', '/') . '.php';
    }
});
require __DIR__ . '/functions.php';
require __DIR__ . '/standard-functions.php';

(static function (): void {
    // On standard error, of which the bootstrap keeps the last lines, and not among what the function prints.
    ini_set('display_errors', '0');
    ini_set('log_errors', '1');
    $input = StandardInput::take();
    $line = fgets($input);
    if ($line === false) {
        exit(0);
    }
    Host::start($input, $line);
})();

while (true) {
    // Returns when a script is to run; of a function with a handler never.
    $pilotlightScript = Host::serve();
    try {
        // Not within a function: what a front controller defines is global, as under a web server.
        include $pilotlightScript;
        Host::endScript(null);
    } catch (Throwable $pilotlightError) {
        Host::endScript($pilotlightError);
    }
    unset($pilotlightError);
}

<?php

declare(strict_types=1);

namespace Pilotlight;

use Pilotlight\Logging\Logger;

/**
 * Has this process say at its end what nobody can ask it afterwards. A fatal error, and `exit` in a front controller,
 * reach no `catch`: here the invocation gets its answer, the last of this process.
 */
final class LastWords
{
    private const FATAL = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR | E_PARSE;

    /** PHP's words for SIGPROF where the script has set no limit of its own. */
    private const ENDED_BY_SIGNAL = 'Maximum execution time of 0 seconds exceeded';

    private static bool $isOver = false;

    /** To be called before user code runs. */
    public static function offer(Logger $logger, Host $host): void
    {
        register_shutdown_function(static function () use ($logger, $host): void {
            // What follows needs memory, and of the limit there may be nothing left.
            ini_set('memory_limit', '-1');
            self::sayPlace(error_get_last());
            // Behind the function's own.
            register_shutdown_function(self::say(...), $logger, $host);
        });
    }

    /** Ends the process when all is said. */
    public static function end(int $status = 0): never
    {
        self::$isOver = true;
        exit($status);
    }

    /**
     * The bootstrap has ended the time of an invocation by a signal and reads where its code stood from the name of this
     * process, which it kills then: nothing else is to happen.
     */
    private static function sayPlace(?array $last): void
    {
        if (($last['message'] ?? '') === self::ENDED_BY_SIGNAL) {
            cli_set_process_title("pilotlight stands at {$last['file']}:{$last['line']}");
            sleep(1);
        }
    }

    private static function say(Logger $logger, Host $host): void
    {
        if (self::$isOver) {
            return;
        }
        $last = error_get_last();
        $isFatal = $last !== null && ($last['type'] & self::FATAL) !== 0;
        $host->endByProcess($isFatal ? ErrorDescription::ofFatal($last) : null);
        Lines::last($logger->lastRequestId(), $logger->lastLines());
    }
}

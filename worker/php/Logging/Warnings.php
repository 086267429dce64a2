<?php

declare(strict_types=1);

namespace Pilotlight\Logging;

/** Makes log lines of PHP's own warnings, unless the function has a handler for them. */
final class Warnings
{
    private const NAMES = [
        E_WARNING => 'Warning',
        E_USER_WARNING => 'Warning',
        E_NOTICE => 'Notice',
        E_USER_NOTICE => 'Notice',
        E_DEPRECATED => 'Deprecated',
        E_USER_DEPRECATED => 'Deprecated',
    ];

    /** Takes them from now on. */
    public static function take(Logger $logger): void
    {
        set_error_handler(static function (int $level, string $message, string $file, int $line) use ($logger): bool {
            // What is silenced by `@`, and what ends the script by PHP's own rules.
            if ((error_reporting() & $level) === 0) {
                return true;
            }
            if (!isset(self::NAMES[$level])) {
                return false;
            }
            $logger->log('WARN', self::NAMES[$level] . ": $message in $file on line $line");
            return true;
        });
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight;

/** Writes lines to the bootstrap, on descriptor 3; each is written whole before the call returns. */
final class Lines
{
    /** Says that the worker can take invocations. */
    public static function ready(bool $shutdownHook): void
    {
        self::write([
            'kind' => 'ready',
            'protocol' => Protocol::VERSION,
            'host' => 'php',
            'interpreter' => PHP_VERSION,
            'concurrent' => false,
            'stream' => true,
            'shutdownHook' => $shutdownHook,
        ]);
    }

    /**
     * Says that the worker could not start.
     *
     * @param array{errorType: string, errorMessage: string, trace: list<string>} $error what callers will see
     */
    public static function initError(array $error): void
    {
        self::write(['kind' => 'initError', 'protocol' => Protocol::VERSION, ...$error]);
    }

    /**
     * Says what only this process knows at its end.
     *
     * @param list<string> $log the last lines of the invocation that ran last
     */
    public static function last(string $requestId, array $log): void
    {
        $status = (string) file_get_contents('/proc/self/status');
        $kib = preg_match('/^VmHWM:\s+(\d+) kB$/m', $status, $found) === 1 ? (int) $found[1] : 0;
        self::write([
            'kind' => 'last',
            'requestId' => $requestId,
            'peakMemoryBytes' => $kib * 1024,
            'log' => $log,
        ]);
    }

    private static function write(array $line): void
    {
        $text = Json::encode($line) . "\n";
        // Builds made by static-php-cli refuse php://fd, and PHP opens no pipe by its name in /proc: a shell has to write.
        $stream = @fopen('php://fd/' . Protocol::LINES_DESCRIPTOR, 'w');
        if ($stream !== false) {
            fwrite($stream, $text);
            fclose($stream);
            return;
        }
        $shell = popen('exec cat >&' . Protocol::LINES_DESCRIPTOR, 'w');
        fwrite($shell, $text);
        pclose($shell);
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight;

use Throwable;

/** What callers, the log and Lambda's metrics are told of an error. */
final class ErrorDescription
{
    /**
     * Describes an error as Lambda's callers know it.
     *
     * @return array{errorType: string, errorMessage: string, trace: list<string>}
     */
    public static function of(Throwable $error): array
    {
        if ($error instanceof HostError) {
            // The host's own frames tell a user nothing: only what caused the failure has a trace.
            $cause = $error->getPrevious();
            return self::make($error->errorType, $error->getMessage(), $cause === null ? [] : self::trace($cause));
        }
        return self::make($error::class, $error->getMessage(), self::trace($error));
    }

    /**
     * Describes what ended PHP beside any exception.
     *
     * @param array{message: string, file: string, line: int} $fatal as of `error_get_last`
     *
     * @return array{errorType: string, errorMessage: string, trace: list<string>}
     */
    public static function ofFatal(array $fatal): array
    {
        ['message' => $message, 'file' => $file, 'line' => $line] = $fatal;
        $isMemory = str_starts_with($message, 'Allowed memory size');
        $advice = $isMemory ? "; raise the function's memory, or PILOTLIGHT_HEAP_MIB" : '';
        return self::make(
            $isMemory ? 'Runtime.OutOfMemory' : 'Runtime.FatalError',
            "$message in $file on line $line$advice",
            ["Fatal error: $message in $file:$line"],
        );
    }

    /**
     * Makes the category for metrics and logs. Lambda books what does not contain `(Runtime|Function)\.[A-Z][a-zA-Z]+`
     * as a failure of the runtime, so a class's name without its namespace gets `Function.`.
     */
    public static function category(string $errorType): string
    {
        if (preg_match('/^(?:Runtime|Function)\.[A-Z][a-zA-Z][\w.]{0,200}$/D', $errorType) === 1) {
            return $errorType;
        }
        $short = substr((string) strrchr("\\$errorType", '\\'), 1);
        return preg_match('/^[A-Z][a-zA-Z]\w{0,200}$/D', $short) === 1 ? "Function.$short" : 'Function.Unknown';
    }

    /**
     * The frames of an error's stack that are the function's.
     *
     * @return list<array{path: string, line: int, label: string}>
     */
    public static function frames(Throwable $error): array
    {
        $frames = [['path' => $error->getFile(), 'line' => $error->getLine(), 'label' => '']];
        foreach ($error->getTrace() as $at => $frame) {
            // A frame names what was called, and the place of the call, which is within the next.
            $frames[$at]['label'] = ($frame['class'] ?? '') . ($frame['type'] ?? '') . $frame['function'];
            $frames[] = ['path' => $frame['file'] ?? '[internal function]', 'line' => $frame['line'] ?? 0, 'label' => ''];
        }
        return array_values(array_filter($frames, static fn (array $frame): bool =>
            !str_starts_with($frame['path'], __DIR__ . '/')));
    }

    /** @return list<string> */
    private static function trace(Throwable $error): array
    {
        $lines = [];
        for ($one = $error; $one !== null; $one = $one->getPrevious()) {
            $lines[] = ($lines === [] ? '' : 'Caused by ') . $one::class . ': ' . $one->getMessage();
            foreach (self::frames($one) as $at => ['path' => $path, 'line' => $line, 'label' => $label]) {
                $lines[] = rtrim("#$at $path($line): $label", ': ');
            }
        }
        return $lines;
    }

    private static function make(string $errorType, string $errorMessage, array $trace): array
    {
        // Clients copy these texts into headers, where DEL is not legal; of a class without a name a path follows a NUL.
        $clean = static fn (string $text): string =>
            strtr($text, ["\x7f" => '%7F', "\0" => '@']);
        return [
            'errorType' => strstr("$errorType\0", "\0", true),
            'errorMessage' => $clean($errorMessage),
            'trace' => array_map($clean, $trace),
        ];
    }
}

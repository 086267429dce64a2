<?php

declare(strict_types=1);

namespace Pilotlight;

use Throwable;

/** Describes an error for X-Ray: itself and its causes. */
final class ErrorCause
{
    /** Lambda cuts above 64 KiB, and not where we would. */
    private const MAX_BYTES = 60 * 1024;
    private const MAX_EXCEPTIONS = 10;
    private const MAX_TEXT_BYTES = 2_000;

    /** JSON that is safe as a header's value; to stay below Lambda's limit it has fewer frames of each stack. */
    public static function of(Throwable $error): string
    {
        $exceptions = [];
        for ($one = $error; $one !== null && count($exceptions) < self::MAX_EXCEPTIONS; $one = $one->getPrevious()) {
            $exceptions[] = self::describe($one);
        }
        $frames = max(array_map(static fn (array $each): int => count($each['stack']), $exceptions));
        while (true) {
            $cut = array_map(static fn (array $each): array =>
                ['stack' => array_slice($each['stack'], 0, $frames)] + $each, $exceptions);
            $header = Json::encodeForHeader([
                'working_directory' => (string) getcwd(),
                'exceptions' => $cut,
                'paths' => array_values(array_unique(array_column(array_merge(...array_column($cut, 'stack')), 'path'))),
            ]);
            if (strlen($header) <= self::MAX_BYTES) {
                return $header;
            }
            if ($frames === 0) {
                $exceptions = array_slice($exceptions, 0, 1);
            }
            $frames = intdiv($frames, 2);
        }
    }

    private static function describe(Throwable $error): array
    {
        ['errorType' => $type, 'errorMessage' => $message] = ErrorDescription::of($error);
        return [
            'type' => substr($type, 0, self::MAX_TEXT_BYTES),
            'message' => substr($message, 0, self::MAX_TEXT_BYTES),
            'stack' => $error instanceof HostError ? [] : ErrorDescription::frames($error),
        ];
    }
}

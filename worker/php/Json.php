<?php

declare(strict_types=1);

namespace Pilotlight;

use JsonException;

/** JSON as callers and the log get it. */
final class Json
{
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
    /** PHP stops at 512 by itself, which is less than events may have. */
    private const MAX_DEPTH = 10_000;

    /**
     * Reads an event. An empty one is `{}`: what Lambda is reported to deliver for an invocation without a payload.
     *
     * @param bool $asObjects whether objects become objects of PHP; else arrays, where an empty object is an empty list
     *
     * @throws HostError `Runtime.UnmarshalError` when it is no JSON
     */
    public static function readEvent(string $body, bool $asObjects): mixed
    {
        $json = str_starts_with($body, "\xEF\xBB\xBF") ? substr($body, 3) : $body;
        $event = json_decode($json === '' ? '{}' : $json, !$asObjects, self::MAX_DEPTH);
        if ($event === null && json_last_error() !== JSON_ERROR_NONE) {
            throw new HostError('Runtime.UnmarshalError', 'Cannot read the event as JSON: ' . json_last_error_msg());
        }
        return $event;
    }

    /**
     * Writes a result.
     *
     * @throws HostError `Runtime.JSONStringifyError` for text that is no UTF-8, NAN, INF, a circle, a resource
     */
    public static function writeResult(mixed $result): string
    {
        try {
            return json_encode($result, self::FLAGS | JSON_THROW_ON_ERROR, self::MAX_DEPTH);
        } catch (JsonException $error) {
            throw new HostError(
                'Runtime.JSONStringifyError',
                'Cannot write the result as JSON: ' . $error->getMessage(),
                $error,
            );
        }
    }

    /** Writes what must be said: what JSON cannot hold is replaced. */
    public static function encode(mixed $value): string
    {
        return (string) json_encode(
            $value,
            self::FLAGS | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR,
        );
    }

    /** JSON that is safe as a header's value. */
    public static function encodeForHeader(mixed $value): string
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
        return strtr((string) json_encode($value, $flags), ["\x7f" => '\u007f']);
    }
}

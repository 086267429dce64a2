<?php

declare(strict_types=1);

namespace Pilotlight\Stream;

use Pilotlight\Json;
use Pilotlight\Protocol;

/** The trailers by which a stream says that it failed. */
final class ErrorTrailers
{
    /**
     * Servers written in Go, as Lambda's is, read trailers of 4 KiB at most, names included; base64 makes four bytes of
     * three. Source: `readTrailer` in Go's net/http.
     */
    private const MAX_JSON_BYTES = 2_700;

    /**
     * @param array{errorType: string, errorMessage: string, trace: list<string>} $error of one that is too long the trace
     *     is cut, and then the message
     *
     * @return string trailer lines, each with its line end
     */
    public static function of(string $category, array $error): string
    {
        $body = base64_encode(self::shorten($error));
        return Protocol::ERROR_TYPE_HEADER . ": $category\r\n" . Protocol::ERROR_BODY_HEADER . ": $body\r\n";
    }

    private static function shorten(array $error): string
    {
        $json = Json::encode($error);
        while (strlen($json) > self::MAX_JSON_BYTES) {
            if ($error['trace'] !== []) {
                array_pop($error['trace']);
            } else {
                $error['errorMessage'] = substr($error['errorMessage'], 0, intdiv(strlen($error['errorMessage']), 2));
            }
            $json = Json::encode($error);
        }
        return $json;
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight\Http;

use Pilotlight\HostError;

/** What a script answers to an event that is no HTTP request, and was posted to it. */
final class EventAnswer
{
    private const MAX_SAID_BYTES = 200;

    /**
     * The result: the body, as JSON where it is some; nothing is `null`.
     *
     * @throws HostError `Function.EventRefused`, for whoever sent the event knows nothing of HTTP: without an error a
     *     queue would take it for done
     */
    public static function of(int $status, string $body): mixed
    {
        if ($status < 200 || $status > 299) {
            $said = $body === '' ? 'nothing' : '"' . substr($body, 0, self::MAX_SAID_BYTES) . '"';
            throw new HostError(
                'Function.EventRefused',
                "Cannot hand over the event: POST /events was answered with status $status and $said, "
                . 'expected a status from 200 to 299',
            );
        }
        if ($body === '') {
            return null;
        }
        $value = json_decode($body);
        return json_last_error() === JSON_ERROR_NONE ? $value : $body;
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight\Stream;

use Generator;
use Pilotlight\HostError;
use Pilotlight\Invocation;
use Pilotlight\StreamedResult;

/** Sends a result that comes in parts. */
final class SendStream
{
    /** Within a chunk's length of four digits, and the bootstrap reads while the next is made. */
    private const MAX_PART_BYTES = 65_535;

    /**
     * Sends all parts. The stream begins with its first byte: an error before it is a plain answer.
     *
     * @param bool $replace whether this process is not to be used again
     *
     * @throws HostError `Runtime.InvalidStreamingOperation` for a part that is no text or a type that is no header's
     *     value; what the generator throws is thrown on
     */
    public static function send(Generator|StreamedResult $result, Invocation $invocation, bool $replace = false): void
    {
        $stream = $result instanceof Generator ? new StreamedResult($result) : $result;
        if (preg_match('/^[\t\x20-\x7e]*$/D', $stream->contentType) !== 1) {
            throw self::invalid('content type ' . json_encode($stream->contentType) . ' is no header value');
        }
        if ($stream->prelude !== '') {
            $invocation->stream($stream->contentType, $stream->prelude);
        }
        foreach ($stream->parts as $part) {
            if (!is_string($part)) {
                throw self::invalid('a part is ' . get_debug_type($part) . ', expected string');
            }
            foreach (str_split($part, self::MAX_PART_BYTES) as $piece) {
                if (!self::sendPiece($piece, $stream->contentType, $invocation)) {
                    return;
                }
            }
        }
        if (!$invocation->isStreaming) {
            $invocation->stream($stream->contentType, '');
        }
        $invocation->endStream($replace);
    }

    private static function sendPiece(string $piece, string $contentType, Invocation $invocation): bool
    {
        if ($invocation->isStreaming) {
            return $invocation->send($piece);
        }
        return $piece === '' || $invocation->stream($contentType, $piece);
    }

    private static function invalid(string $reason): HostError
    {
        return new HostError('Runtime.InvalidStreamingOperation', "Cannot stream the result: $reason");
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight;

/** A handler's result that is sent to the caller as it comes. A generator alone is one, too. */
final readonly class StreamedResult
{
    private const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';

    /**
     * @param iterable<string> $parts each sent when it comes
     * @param string $prelude what goes before them
     */
    public function __construct(
        public iterable $parts,
        public string $contentType = 'application/octet-stream',
        public string $prelude = '',
    ) {
    }

    /**
     * Makes an HTTP answer, for a function URL or REST API that is set up for streams.
     *
     * @param iterable<string> $parts
     * @param array<string, string> $headers
     * @param list<string> $cookies each a value of `Set-Cookie`
     */
    public static function http(iterable $parts, int $statusCode = 200, array $headers = [], array $cookies = []): self
    {
        $prelude = ['statusCode' => $statusCode, 'headers' => (object) $headers, 'cookies' => $cookies];
        return new self($parts, self::HTTP_TYPE, Json::writeResult($prelude) . str_repeat("\0", 8));
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight;

/** One invocation, and the ways to answer it. */
final class Invocation
{
    private const JSON_TYPE = "content-type: application/json\r\n";

    /** Whether nothing may be answered any more. */
    public bool $isAnswered = false;
    /** Whether the answer is a stream that has begun. */
    public bool $isStreaming = false;
    /** The line that says whose answer it is, first because it is found at once there. */
    private readonly string $answeredLine;

    public function __construct(
        public readonly string $requestId,
        string $idInPath,
        private readonly Connection $connection,
    ) {
        $this->answeredLine = Protocol::ANSWERED_HEADER . ": $idInPath\r\n";
    }

    /** @return array<string, string> by their names in lower case */
    public function headers(): array
    {
        return $this->connection->headers;
    }

    /** The event. */
    public function body(): string
    {
        return $this->connection->body;
    }

    /** Answers with a result. */
    public function succeed(string $json, bool $replace = false): void
    {
        $this->isAnswered = true;
        $lines = $this->answeredLine . self::JSON_TYPE;
        $this->connection->answer(200, $replace ? $lines . Protocol::REPLACE_HEADER . ": 1\r\n" : $lines, $json);
    }

    /**
     * Answers with an error; within a stream by its trailers.
     *
     * @param array{errorType: string, errorMessage: string, trace: list<string>} $error what callers will see
     * @param string|null $cause for X-Ray
     * @param bool $replace whether this process is not to be used again
     */
    public function fail(array $error, ?string $cause, bool $replace): void
    {
        $this->isAnswered = true;
        $replaceLine = $replace ? Protocol::REPLACE_HEADER . ": 1\r\n" : '';
        $category = ErrorDescription::category($error['errorType']);
        if ($this->isStreaming) {
            $this->connection->end(Stream\ErrorTrailers::of($category, $error) . $replaceLine);
            return;
        }
        $lines = $this->answeredLine . self::JSON_TYPE . Protocol::ERROR_TYPE_HEADER . ": $category\r\n" . $replaceLine;
        if ($cause !== null) {
            $lines .= Protocol::XRAY_CAUSE_HEADER . ": $cause\r\n";
        }
        $this->connection->answer(500, $lines, Json::encode($error));
    }

    /** Begins a stream with its first part; the result is whether anybody gets it. */
    public function stream(string $contentType, string $part): bool
    {
        $this->isStreaming = true;
        $lines = "{$this->answeredLine}content-type: $contentType\r\n" . Protocol::RESPONSE_MODE_HEADER . ": streaming\r\n";
        return $this->connection->begin($lines, $part);
    }

    /** Sends a further part of the stream; the result is whether anybody gets it. */
    public function send(string $part): bool
    {
        return $this->connection->send($part);
    }

    /** Ends the stream. */
    public function endStream(bool $replace): void
    {
        $this->isAnswered = true;
        $this->connection->end($replace ? Protocol::REPLACE_HEADER . ": 1\r\n" : '');
    }
}

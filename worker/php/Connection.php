<?php

declare(strict_types=1);

namespace Pilotlight;

/** A connection from the bootstrap: requests one after the other, each whole before it is handled. */
final class Connection
{
    /** Lambda takes request line and headers of 1 MB together; the rest is room for what is added on the way. */
    private const MAX_HEAD_BYTES = 2 * 1024 * 1024;
    private const READ_BYTES = 8 * 1024;
    private const LARGE_READ_BYTES = 256 * 1024;
    /** Up to here head and body are put together: a write costs more than the copy. */
    private const ONE_WRITE_BYTES = 64 * 1024;
    private const REASONS = [
        200 => 'OK',
        403 => 'Forbidden',
        404 => 'Not Found',
        500 => 'Internal Server Error',
        503 => 'Service Unavailable',
    ];

    public string $method = '';
    public string $target = '';
    /** @var array<string, string> by their names in lower case */
    public array $headers = [];
    public string $body = '';
    /** Whether the token was right, so that it is compared once. */
    public bool $isProven = false;

    private string $buffer = '';
    private int $bodyStart = 0;
    private int $bodyBytes = 0;
    private ?ChunkedBody $chunked = null;

    /** @param resource $stream not blocking */
    public function __construct(private $stream)
    {
    }

    /**
     * Reads what has come.
     *
     * @return bool|null whether a request is whole; `null` when the connection has ended
     */
    public function receive(): ?bool
    {
        $isLarge = $this->bodyBytes > self::READ_BYTES || $this->chunked !== null;
        $part = fread($this->stream, $isLarge ? self::LARGE_READ_BYTES : self::READ_BYTES);
        if ($part === '' || $part === false) {
            return feof($this->stream) ? null : false;
        }
        $this->buffer .= $part;
        return $this->parse();
    }

    /** Whether a request is whole that came behind the one before. */
    public function hasNext(): bool
    {
        return $this->buffer !== '' && $this->parse() === true;
    }

    /**
     * Answers the request.
     *
     * @param string $lines header lines, each with its line end
     *
     * @return bool whether the system took it; else the bootstrap is no longer there
     */
    public function answer(int $status, string $lines, string $body): bool
    {
        $bytes = strlen($body);
        $head = "HTTP/1.1 $status " . self::REASONS[$status] . "\r\n{$lines}content-length: $bytes\r\n\r\n";
        if ($bytes <= self::ONE_WRITE_BYTES) {
            return $this->write($head . $body);
        }
        return $this->write($head) && $this->write($body);
    }

    /** Begins an answer in chunks; the same as of `answer`. */
    public function begin(string $lines, string $part): bool
    {
        $head = "HTTP/1.1 200 OK\r\n{$lines}transfer-encoding: chunked\r\n\r\n";
        return $this->write($head . ($part === '' ? '' : self::chunk($part)));
    }

    /** Sends a part of an answer in chunks; an empty one would end it. */
    public function send(string $part): bool
    {
        return $part === '' || $this->write(self::chunk($part));
    }

    /** Ends an answer in chunks. */
    public function end(string $trailers): bool
    {
        return $this->write("0\r\n$trailers\r\n");
    }

    private static function chunk(string $part): string
    {
        return dechex(strlen($part)) . "\r\n$part\r\n";
    }

    private function parse(): ?bool
    {
        if ($this->bodyStart === 0 && !$this->parseHead()) {
            return strlen($this->buffer) > self::MAX_HEAD_BYTES ? null : false;
        }
        if ($this->chunked !== null) {
            return $this->parseChunks();
        }
        $end = $this->bodyStart + $this->bodyBytes;
        $has = strlen($this->buffer);
        if ($has < $end) {
            return false;
        }
        $this->body = $this->bodyBytes === 0 ? '' : substr($this->buffer, $this->bodyStart, $this->bodyBytes);
        $this->buffer = $has === $end ? '' : substr($this->buffer, $end);
        $this->bodyStart = 0;
        return true;
    }

    private function parseHead(): bool
    {
        $end = strpos($this->buffer, "\r\n\r\n");
        if ($end === false) {
            return false;
        }
        $lines = explode("\r\n", substr($this->buffer, 0, $end));
        [$this->method, $this->target] = explode(' ', $lines[0]) + ['', ''];
        unset($lines[0]);
        $headers = [];
        foreach ($lines as $line) {
            $colon = (int) strpos($line, ':');
            $headers[strtolower(substr($line, 0, $colon))] = trim(substr($line, $colon + 1));
        }
        $this->headers = $headers;
        $this->bodyStart = $end + 4;
        $this->bodyBytes = (int) ($headers['content-length'] ?? 0);
        if (isset($headers['transfer-encoding'])) {
            $this->chunked = new ChunkedBody();
            $this->buffer = substr($this->buffer, $this->bodyStart);
        }
        return true;
    }

    private function parseChunks(): bool
    {
        $rest = $this->chunked->feed($this->buffer);
        $this->buffer = $rest ?? '';
        if ($rest === null) {
            return false;
        }
        $this->body = $this->chunked->body;
        $this->chunked = null;
        $this->bodyStart = 0;
        return true;
    }

    private function write(string $bytes): bool
    {
        $written = fwrite($this->stream, $bytes);
        while ($written !== strlen($bytes)) {
            if ($written === false) {
                return false;
            }
            $bytes = substr($bytes, $written);
            $none = null;
            $writable = [$this->stream];
            stream_select($none, $writable, $none, null);
            $written = fwrite($this->stream, $bytes);
            if ($written === 0 && feof($this->stream)) {
                return false;
            }
        }
        return true;
    }
}

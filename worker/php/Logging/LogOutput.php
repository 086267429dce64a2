<?php

declare(strict_types=1);

namespace Pilotlight\Logging;

/**
 * Where log lines go: Lambda's own descriptor for them where PHP can open it, else standard output, where one line is one
 * event, so that line ends within it become carriage returns.
 */
final class LogOutput
{
    /** Levels from the least serious to the most, each with its bits in the type of a telemetry frame. */
    public const LEVEL_BITS = ['TRACE' => 4, 'DEBUG' => 8, 'INFO' => 12, 'WARN' => 16, 'ERROR' => 20, 'FATAL' => 24];

    private const DESCRIPTOR_VARIABLE = '_LAMBDA_TELEMETRY_LOG_FD';
    private const JSON_FRAME = 0xa55a0002;
    private const TEXT_FRAME = 0xa55a0003;

    /** @var resource */
    private $stream;
    private readonly bool $isFramed;

    public function __construct(private readonly bool $isJson)
    {
        $descriptor = (string) getenv(self::DESCRIPTOR_VARIABLE);
        // It is not the function's.
        putenv(self::DESCRIPTOR_VARIABLE);
        unset($_SERVER[self::DESCRIPTOR_VARIABLE], $_ENV[self::DESCRIPTOR_VARIABLE]);
        $framed = preg_match('/^\d+$/D', $descriptor) === 1 ? @fopen("php://fd/$descriptor", 'w') : false;
        $this->isFramed = $framed !== false;
        $this->stream = $framed !== false ? $framed : fopen('php://stdout', 'w');
    }

    /** Writes a finished line without its end. */
    public function write(string $level, float $now, string $line): void
    {
        $this->writeWhole($this->isFramed ? $this->frame($level, $now, $line) : strtr($line, "\n", "\r") . "\n");
    }

    /** One frame is one event: type, length, microseconds since 1970, then the line; numbers are big-endian. */
    private function frame(string $level, float $now, string $line): string
    {
        // Lambda's own runtimes end text with a line feed here too.
        $text = $this->isJson ? $line : "$line\n";
        $type = ($this->isJson ? self::JSON_FRAME : self::TEXT_FRAME) | self::LEVEL_BITS[$level];
        return pack('NNJ', $type, strlen($text), (int) ($now * 1_000_000)) . $text;
    }

    private function writeWhole(string $bytes): void
    {
        $written = fwrite($this->stream, $bytes);
        // The pipe is shared, and another process may have made it one that does not block.
        while ($written !== false && $written < strlen($bytes)) {
            $bytes = substr($bytes, $written);
            $none = null;
            $writable = [$this->stream];
            stream_select($none, $writable, $none, null);
            $written = fwrite($this->stream, $bytes);
        }
    }
}

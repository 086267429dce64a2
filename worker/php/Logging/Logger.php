<?php

declare(strict_types=1);

namespace Pilotlight\Logging;

use Pilotlight\Json;

/** Writes log lines in the format and for the levels that the function's settings ask for; each is written whole. */
final class Logger
{
    /** Enough to see what a function was at. */
    private const MAX_LAST_LINES = 20;
    private const MAX_LAST_LINE_BYTES = 2_000;
    /** Outside of all invocations. */
    private const NO_REQUEST_ID = '-';

    /** Names of PSR-3 that Lambda has not. */
    private const PSR_LEVELS = [
        'NOTICE' => 'INFO',
        'WARNING' => 'WARN',
        'CRITICAL' => 'FATAL',
        'ALERT' => 'FATAL',
        'EMERGENCY' => 'FATAL',
    ];

    /** For the functions that users call. */
    public static self $current;

    private readonly bool $isJson;
    private readonly int $leastBits;
    private readonly LogOutput $output;
    private string $requestId = self::NO_REQUEST_ID;
    private ?string $tenantId = null;
    /** @var list<string> those of the invocation */
    private array $lastLines = [];
    private int $stampedMs = 0;
    private string $stamp = '';

    public function __construct()
    {
        $this->isJson = strtoupper((string) getenv('AWS_LAMBDA_LOG_FORMAT')) === 'JSON';
        $this->leastBits = LogOutput::LEVEL_BITS[strtoupper((string) getenv('AWS_LAMBDA_LOG_LEVEL'))] ?? 0;
        $this->output = new LogOutput($this->isJson);
        self::$current = $this;
    }

    /** Says to which invocation lines belong from now on. */
    public function enter(string $requestId, ?string $tenantId): void
    {
        $this->requestId = $requestId;
        $this->tenantId = $tenantId;
        $this->lastLines = [];
    }

    /**
     * Writes a line.
     *
     * @param string $level in upper case, of Lambda or PSR-3; others are taken for `INFO`
     */
    public function log(string $level, mixed $message): void
    {
        $level = self::PSR_LEVELS[$level] ?? $level;
        $level = isset(LogOutput::LEVEL_BITS[$level]) ? $level : 'INFO';
        if (LogOutput::LEVEL_BITS[$level] < $this->leastBits) {
            return;
        }
        $now = microtime(true);
        $line = $this->isJson ? $this->jsonLine($now, $level, $message) : $this->textLine($now, $level, $message);
        $this->keep($line);
        $this->output->write($level, $now, $line);
    }

    /**
     * Tells of a failure, in the runtime's own name.
     *
     * @param string $title which kind, such as `Invoke Error`
     * @param array{errorType: string, errorMessage: string, trace: list<string>} $error what callers see of it
     */
    public function logError(string $title, array $error): void
    {
        ['errorType' => $errorType, 'errorMessage' => $errorMessage, 'trace' => $trace] = $error;
        $fields = ['errorType' => $errorType, 'errorMessage' => $errorMessage];
        $this->log('ERROR', $this->isJson
            ? [...$fields, 'stackTrace' => $trace]
            : "$title\t" . Json::encode([...$fields, 'stack' => $trace]));
    }

    /** The id of the invocation that ran last. */
    public function lastRequestId(): string
    {
        return $this->requestId;
    }

    /** @return list<string> the last lines of that invocation */
    public function lastLines(): array
    {
        return array_slice($this->lastLines, -self::MAX_LAST_LINES);
    }

    private function jsonLine(float $now, string $level, mixed $message): string
    {
        $fields = ['timestamp' => $this->timestamp($now), 'level' => $level, 'requestId' => $this->requestId];
        if ($this->tenantId !== null) {
            $fields['tenantId'] = $this->tenantId;
        }
        return Json::encode([...$fields, 'message' => $message]);
    }

    private function textLine(float $now, string $level, mixed $message): string
    {
        $text = is_string($message) ? $message : Json::encode($message);
        return $this->timestamp($now) . "\t$this->requestId\t$level\t$text";
    }

    /** ISO 8601; lines of the same millisecond share the text. */
    private function timestamp(float $now): string
    {
        $timeMs = (int) ($now * 1000);
        if ($timeMs !== $this->stampedMs) {
            $this->stampedMs = $timeMs;
            $this->stamp = gmdate('Y-m-d\TH:i:s', intdiv($timeMs, 1000)) . sprintf('.%03dZ', $timeMs % 1000);
        }
        return $this->stamp;
    }

    private function keep(string $line): void
    {
        if (count($this->lastLines) >= 10 * self::MAX_LAST_LINES) {
            $this->lastLines = $this->lastLines();
        }
        $this->lastLines[] = substr($line, 0, self::MAX_LAST_LINE_BYTES);
    }
}

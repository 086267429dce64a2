<?php

declare(strict_types=1);

namespace Pilotlight;

/** Makes the contexts of a worker's invocations; knows what is the same for all. */
final class ContextMaker
{
    private readonly ?string $functionName;
    private readonly ?string $functionVersion;
    private readonly ?string $memoryLimitInMB;
    private readonly ?string $logGroupName;
    private readonly ?string $logStreamName;

    public function __construct()
    {
        $this->functionName = getenv('AWS_LAMBDA_FUNCTION_NAME') ?: null;
        $this->functionVersion = getenv('AWS_LAMBDA_FUNCTION_VERSION') ?: null;
        $this->memoryLimitInMB = getenv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE') ?: null;
        $this->logGroupName = getenv('AWS_LAMBDA_LOG_GROUP_NAME') ?: null;
        $this->logStreamName = getenv('AWS_LAMBDA_LOG_STREAM_NAME') ?: null;
    }

    /**
     * Makes the context of an invocation.
     *
     * @param array<string, string> $headers by their names in lower case
     *
     * @throws HostError `Runtime.PlatformError` when client context or identity is no JSON
     */
    public function make(string $requestId, array $headers): Context
    {
        return new Context(
            $requestId,
            $headers[Protocol::FUNCTION_ARN_HEADER] ?? null,
            (int) ($headers[Protocol::DEADLINE_HEADER] ?? 0),
            self::parse($headers, Protocol::CLIENT_CONTEXT_HEADER),
            self::parse($headers, Protocol::COGNITO_IDENTITY_HEADER),
            $headers[Protocol::TENANT_ID_HEADER] ?? null,
            $headers[Protocol::TRACE_ID_HEADER] ?? null,
            $this->functionName,
            $this->functionVersion,
            $this->memoryLimitInMB,
            $this->logGroupName,
            $this->logStreamName,
        );
    }

    /** An empty value counts as absent: some platforms send every header. */
    private static function parse(array $headers, string $name): mixed
    {
        $text = $headers[$name] ?? '';
        if ($text === '') {
            return null;
        }
        $value = json_decode($text, true);
        if ($value === null && json_last_error() !== JSON_ERROR_NONE) {
            throw new HostError('Runtime.PlatformError', "Cannot read header \"$name\": \"$text\" is no JSON");
        }
        return $value;
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight\Http;

use Pilotlight\Context;
use Pilotlight\Json;

/** Fills what a script reads of its request. */
final class Superglobals
{
    /** Names that only the runtime may fill, as AWS's Lambda Web Adapter has them. */
    private const OURS = ['x-amzn-request-context', 'x-amzn-lambda-context', 'x-amz-tenant-id'];

    /** @var array<string, mixed> variables, and what is the same for all requests */
    private readonly array $same;

    public function __construct(string $script)
    {
        $name = '/' . basename($script);
        $this->same = [
            'DOCUMENT_ROOT' => dirname($script),
            'SCRIPT_FILENAME' => $script,
            'SCRIPT_NAME' => $name,
            'PHP_SELF' => $name,
            'GATEWAY_INTERFACE' => 'CGI/1.1',
            'SERVER_SOFTWARE' => 'pilotlight',
            'SERVER_PROTOCOL' => 'HTTP/1.1',
        ] + array_diff_key($_SERVER, ['argv' => 0, 'argc' => 0]);
    }

    /** Fills them for a request; `$_FILES` has what `UploadedFiles` took. */
    public function fill(Request $request, Context $context, mixed $event): void
    {
        $type = $request->header('content-type') ?? '';
        parse_str($request->query, $_GET);
        $_POST = $_FILES = [];
        if (stripos($type, 'application/x-www-form-urlencoded') === 0) {
            parse_str($request->body, $_POST);
        } elseif (stripos($type, 'multipart/form-data') === 0) {
            [$_POST, $_FILES] = Multipart::parse($type, $request->body);
        }
        $_COOKIE = self::cookies($request);
        $_REQUEST = $_POST + $_GET;
        $trace = $context->xRayTraceId === null ? [] : ['_X_AMZN_TRACE_ID' => $context->xRayTraceId];
        $_SERVER = self::ofRequest($request) + self::ofHeaders($request) + self::ofLambda($context, $event)
            + $trace + $this->same;
    }

    /** @return array<string, mixed> */
    private static function ofRequest(Request $request): array
    {
        $isSecure = preg_match('/^http\s*(?:,|$)/iD', $request->header('x-forwarded-proto') ?? '') !== 1;
        $forwarded = trim(explode(',', $request->header('x-forwarded-for') ?? '')[0]);
        $now = microtime(true);
        $fields = [
            'REQUEST_METHOD' => strtoupper($request->method),
            'REQUEST_URI' => $request->path . ($request->query === '' ? '' : "?$request->query"),
            'QUERY_STRING' => $request->query,
            'REQUEST_SCHEME' => $isSecure ? 'https' : 'http',
            'REQUEST_TIME' => (int) $now,
            'REQUEST_TIME_FLOAT' => $now,
            'REMOTE_ADDR' => $request->clientAddress ?? ($forwarded === '' ? '127.0.0.1' : $forwarded),
            'SERVER_NAME' => preg_replace('/:\d+$/D', '', $request->authority),
            'SERVER_PORT' => $request->header('x-forwarded-port') ?? ($isSecure ? '443' : '80'),
        ];
        if ($isSecure) {
            $fields['HTTPS'] = 'on';
        }
        if ($request->body !== '') {
            $fields['CONTENT_LENGTH'] = (string) strlen($request->body);
        }
        return $fields;
    }

    /** @return array<string, string> */
    private static function ofHeaders(Request $request): array
    {
        $fields = ['HTTP_HOST' => $request->authority];
        foreach ($request->headers as $name => $values) {
            // `Proxy` would set what clients of HTTP in scripts take for their own setting.
            if (in_array($name, [...self::OURS, 'proxy', 'content-length'], true)) {
                continue;
            }
            $key = strtoupper(strtr($name, '-', '_'));
            $fields[$name === 'content-type' ? $key : "HTTP_$key"] = implode($name === 'cookie' ? '; ' : ', ', $values);
        }
        return $fields;
    }

    /** @return array<string, string> */
    private static function ofLambda(Context $context, mixed $event): array
    {
        $fields = ['HTTP_X_AMZN_LAMBDA_CONTEXT' => Json::encodeForHeader([
            'request_id' => $context->awsRequestId,
            'deadline' => $context->deadlineMs,
            'invoked_function_arn' => $context->invokedFunctionArn,
            'xray_trace_id' => $context->xRayTraceId,
            'client_context' => $context->clientContext,
            'identity' => $context->identity,
            'env_config' => [
                'function_name' => $context->functionName,
                'memory' => (int) $context->memoryLimitInMB,
                'version' => $context->functionVersion,
                'log_stream' => $context->logStreamName ?? '',
                'log_group' => $context->logGroupName ?? '',
            ],
        ])];
        if (isset($event['requestContext'])) {
            $fields['HTTP_X_AMZN_REQUEST_CONTEXT'] = Json::encodeForHeader($event['requestContext']);
        }
        if ($context->tenantId !== null) {
            $fields['HTTP_X_AMZ_TENANT_ID'] = $context->tenantId;
        }
        return $fields;
    }

    /** @return array<string, mixed> */
    private static function cookies(Request $request): array
    {
        $pairs = [];
        foreach (explode(';', implode(';', $request->headers['cookie'] ?? [])) as $pair) {
            [$name, $value] = explode('=', trim($pair), 2) + ['', ''];
            $pairs[] = urlencode(urldecode($name)) . '=' . urlencode(rawurldecode($value));
        }
        // PHP's own rules for names: dots become underscores, brackets make arrays.
        parse_str(strtr(implode('&', $pairs), ['%5B' => '[', '%5D' => ']']), $cookies);
        return $cookies;
    }
}

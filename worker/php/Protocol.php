<?php

declare(strict_types=1);

namespace Pilotlight;

/** The twin of `worker/protocol.ts`, which explains it: names that the bootstrap and this host share. */
final class Protocol
{
    public const VERSION = 1;

    /** Descriptor on which a worker writes its lines. */
    public const LINES_DESCRIPTOR = 3;

    public const TOKEN_HEADER = 'pilotlight-token';
    public const REPLACE_HEADER = 'pilotlight-replace';
    public const ANSWERED_HEADER = 'lambda-runtime-aws-request-id';

    public const INVOCATIONS_PATH = '/invocations/';
    public const SHUTDOWN_PATH = '/shutdown';
    public const BEFORE_SNAPSHOT_PATH = '/before-snapshot';
    public const AFTER_RESTORE_PATH = '/after-restore';

    public const DEADLINE_HEADER = 'lambda-runtime-deadline-ms';
    public const FUNCTION_ARN_HEADER = 'lambda-runtime-invoked-function-arn';
    public const TRACE_ID_HEADER = 'lambda-runtime-trace-id';
    public const CLIENT_CONTEXT_HEADER = 'lambda-runtime-client-context';
    public const COGNITO_IDENTITY_HEADER = 'lambda-runtime-cognito-identity';
    public const TENANT_ID_HEADER = 'lambda-runtime-aws-tenant-id';
    public const XRAY_CAUSE_HEADER = 'lambda-runtime-function-xray-error-cause';
    public const ERROR_TYPE_HEADER = 'lambda-runtime-function-error-type';
    public const ERROR_BODY_HEADER = 'lambda-runtime-function-error-body';
    public const RESPONSE_MODE_HEADER = 'lambda-runtime-function-response-mode';
}

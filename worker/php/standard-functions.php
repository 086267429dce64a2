<?php

/*
 * Functions of PHP that do nothing in the command line's PHP, or write where nobody reads. The interpreter's command
 * disables them, so that they can be defined here; under another command PHP's own stay.
 */

declare(strict_types=1);

use Pilotlight\Http\Response;
use Pilotlight\Http\UploadedFiles;
use Pilotlight\Logging\Logger;

if (!function_exists('error_log')) {
    function error_log(
        string $message,
        int $message_type = 0,
        ?string $destination = null,
        ?string $additional_headers = null,
    ): bool {
        if ($message_type === 3) {
            return file_put_contents((string) $destination, $message, FILE_APPEND) !== false;
        }
        Logger::$current->log('ERROR', $message);
        return $message_type !== 1;
    }
}

if (!function_exists('ob_get_level')) {
    /** Without the host's own, so that loops that end all buffers come to an end. */
    function ob_get_level(): int
    {
        return count(ob_list_handlers()) - 1;
    }
}

if (!function_exists('header')) {
    function header(string $header, bool $replace = true, int $response_code = 0): void
    {
        Response::$current->header($header, $replace, $response_code);
    }

    function header_remove(?string $name = null): void
    {
        Response::$current->remove($name);
    }

    function headers_list(): array
    {
        return Response::$current->list();
    }

    function headers_sent(&$filename = null, &$line = null): bool
    {
        return false;
    }

    function header_register_callback(callable $callback): bool
    {
        Response::$current->callback = $callback;
        return true;
    }

    function http_response_code(int $response_code = 0): int|bool
    {
        return Response::$current->code($response_code);
    }

    function setcookie(
        string $name,
        string $value = '',
        array|int $expires_or_options = 0,
        string $path = '',
        string $domain = '',
        bool $secure = false,
        bool $httponly = false,
    ): bool {
        return setrawcookie($name, rawurlencode($value), $expires_or_options, $path, $domain, $secure, $httponly);
    }

    function setrawcookie(
        string $name,
        string $value = '',
        array|int $expires_or_options = 0,
        string $path = '',
        string $domain = '',
        bool $secure = false,
        bool $httponly = false,
    ): bool {
        $options = is_array($expires_or_options)
            ? $expires_or_options
            : ['expires' => $expires_or_options] + compact('path', 'domain', 'secure', 'httponly');
        Response::$current->header('Set-Cookie: ' . Response::cookie($name, $value, $options), false, 0);
        return true;
    }

    function is_uploaded_file(string $filename): bool
    {
        return UploadedFiles::has($filename);
    }

    function move_uploaded_file(string $from, string $to): bool
    {
        return UploadedFiles::has($from) && rename($from, $to);
    }
}

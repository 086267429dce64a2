<?php

declare(strict_types=1);

namespace Pilotlight\Http;

use Pilotlight\Logging\Logger;

/** Status and headers of an answer, as `header()` and its like put them together. */
final class Response
{
    /** That of the request that runs; of a function with a handler nobody reads it. */
    public static self $current;

    /** Called before the answer leaves. */
    public mixed $callback = null;
    private int $status = 0;
    /** @var list<array{string, string}> */
    private array $headers = [];

    /** As of PHP's `header()`. */
    public function header(string $line, bool $replace, int $status): void
    {
        $line = trim($line);
        if (preg_match('#^HTTP/\d(?:\.\d)? (\d{3})#i', $line, $found) === 1) {
            $this->status = (int) $found[1];
            return;
        }
        if (strpbrk($line, "\r\n\0") !== false || !str_contains($line, ':')) {
            Logger::$current->log('WARN', 'Warning: header(): expected one header as "Name: value", got ' . json_encode($line));
            return;
        }
        [$name, $value] = array_map('trim', explode(':', $line, 2));
        if ($replace) {
            $this->remove($name);
        }
        $this->headers[] = [$name, $value];
        if ($status !== 0) {
            $this->status = $status;
        } elseif (strtolower($name) === 'location' && $this->status !== 201 && intdiv($this->status, 100) !== 3) {
            $this->status = 302;
        }
    }

    /** Removes a header, or all. */
    public function remove(?string $name): void
    {
        $isOther = static fn (array $header): bool => $name !== null && strcasecmp($header[0], $name) !== 0;
        $this->headers = array_values(array_filter($this->headers, $isOther));
    }

    /** @return list<string> */
    public function list(): array
    {
        return array_map(static fn (array $header): string => "$header[0]: $header[1]", $this->headers);
    }

    /** As of PHP's `http_response_code()`. */
    public function code(int $status): int|bool
    {
        $before = $this->status;
        if ($status !== 0) {
            $this->status = $status;
        }
        return $before === 0 ? $status !== 0 : $before;
    }

    /** The status that the answer has. */
    public function status(): int
    {
        return $this->status === 0 ? 200 : $this->status;
    }

    /** @return array<string, list<string>> values by names in lower case, the type of the content always among them */
    public function headers(): array
    {
        $values = [];
        foreach ($this->headers as [$name, $value]) {
            $values[strtolower($name)][] = preg_match('//u', $value) === 1 ? $value : self::fromLatin1($value);
        }
        // As PHP does by itself.
        return $values + ['content-type' => ['text/html; charset=UTF-8']];
    }

    /** Bytes that are no UTF-8 could not go into a result. */
    private static function fromLatin1(string $bytes): string
    {
        $encode = static fn (array $found): string =>
            chr(0xc0 | (ord($found[0]) >> 6)) . chr(0x80 | (ord($found[0]) & 0x3f));
        return (string) preg_replace_callback('/[\x80-\xff]/', $encode, $bytes);
    }

    /**
     * The value of `Set-Cookie`.
     *
     * @param array<string, mixed> $options as of PHP's `setcookie()`
     */
    public static function cookie(string $name, string $value, array $options): string
    {
        $options = array_change_key_case($options) + ['expires' => 0];
        $expires = (int) $options['expires'];
        if ($value === '') {
            [$value, $expires] = ['deleted', 1];
        }
        $cookie = "$name=$value";
        if ($expires !== 0) {
            $cookie .= '; expires=' . gmdate('D, d M Y H:i:s', $expires) . ' GMT; Max-Age=' . max(0, $expires - time());
        }
        foreach (['path' => 'path', 'domain' => 'domain', 'samesite' => 'SameSite'] as $key => $attribute) {
            $cookie .= ($options[$key] ?? '') === '' ? '' : "; $attribute=$options[$key]";
        }
        foreach (['secure' => 'secure', 'httponly' => 'HttpOnly'] as $key => $attribute) {
            $cookie .= ($options[$key] ?? false) ? "; $attribute" : '';
        }
        return $cookie;
    }
}

Response::$current = new Response();

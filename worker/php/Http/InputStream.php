<?php

declare(strict_types=1);

namespace Pilotlight\Http;

/**
 * Stands for `php://` while a request with a body runs: the command line's PHP has an empty `php://input`. All other
 * names lead to PHP's own streams.
 */
final class InputStream
{
    /** @var resource|null of the stream that is open, set by PHP */
    public $context;

    private static string $body = '';

    /** @var resource */
    private $inner;

    /** Has `php://input` say what the client sent. */
    public static function offer(string $body): void
    {
        self::$body = $body;
        stream_wrapper_unregister('php');
        stream_wrapper_register('php', self::class);
    }

    /** Gives PHP its own back. */
    public static function withdraw(): void
    {
        if (self::$body !== '') {
            stream_wrapper_restore('php');
            self::$body = '';
        }
    }

    public function stream_open(string $path, string $mode, int $options): bool
    {
        stream_wrapper_restore('php');
        $isInput = strcasecmp($path, 'php://input') === 0;
        $inner = $isInput ? fopen('php://memory', 'w+') : fopen($path, $mode);
        if ($isInput) {
            fwrite($inner, self::$body);
            rewind($inner);
        }
        self::offer(self::$body);
        if ($inner === false) {
            return false;
        }
        $this->inner = $inner;
        return true;
    }

    public function stream_read(int $bytes): string|false
    {
        return fread($this->inner, $bytes);
    }

    public function stream_write(string $bytes): int|false
    {
        return fwrite($this->inner, $bytes);
    }

    public function stream_eof(): bool
    {
        return feof($this->inner);
    }

    public function stream_seek(int $offset, int $whence): bool
    {
        return fseek($this->inner, $offset, $whence) === 0;
    }

    public function stream_tell(): int|false
    {
        return ftell($this->inner);
    }

    public function stream_flush(): bool
    {
        return fflush($this->inner);
    }

    public function stream_truncate(int $bytes): bool
    {
        return ftruncate($this->inner, $bytes);
    }

    public function stream_stat(): array|false
    {
        return fstat($this->inner);
    }

    /** @return resource */
    public function stream_cast(int $castAs)
    {
        return $this->inner;
    }

    public function stream_set_option(int $option, int $first, ?int $second): bool
    {
        return false;
    }

    public function stream_close(): void
    {
        fclose($this->inner);
    }
}

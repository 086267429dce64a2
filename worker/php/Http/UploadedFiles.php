<?php

declare(strict_types=1);

namespace Pilotlight\Http;

/** The files of a form, in the system's folder for temporary files while the request runs. */
final class UploadedFiles
{
    /** @var list<string> */
    private static array $paths = [];

    /**
     * Writes one.
     *
     * @return array<string, string|int> what `$_FILES` has of it
     */
    public static function keep(string $name, string $type, string $content): array
    {
        $file = ['name' => basename($name), 'full_path' => $name, 'type' => $type, 'tmp_name' => ''];
        if ($name === '') {
            return [...$file, 'error' => UPLOAD_ERR_NO_FILE, 'size' => 0];
        }
        $path = (string) tempnam(sys_get_temp_dir(), 'php');
        self::$paths[] = $path;
        if (@file_put_contents($path, $content) !== strlen($content)) {
            return [...$file, 'error' => UPLOAD_ERR_CANT_WRITE, 'size' => 0];
        }
        return [...$file, 'tmp_name' => $path, 'error' => UPLOAD_ERR_OK, 'size' => strlen($content)];
    }

    /** Whether a file came with the request. */
    public static function has(string $path): bool
    {
        return in_array($path, self::$paths, true);
    }

    /** Removes those that the script left where they were. */
    public static function clear(): void
    {
        foreach (self::$paths as $path) {
            if (is_file($path)) {
                unlink($path);
            }
        }
        self::$paths = [];
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight;

/** Where the handler is: a file, and the name that it has there. */
final readonly class HandlerPlace
{
    private const BUNDLE = 'function.bundle.php';

    /** @param string|null $name `null` for what the file itself returns */
    private function __construct(public string $file, public ?string $name)
    {
    }

    /**
     * Finds the file that holds the handler, without loading it.
     *
     * @param string $handler `module.name`, of which only the name counts where there is a bundle; or a path that ends
     *     in `.php`
     *
     * @throws HostError `Runtime.MalformedHandlerName`, `Runtime.ImportModuleError`
     */
    public static function find(string $folder, string $handler): self
    {
        if (str_contains($handler, '..')) {
            throw self::malformed($handler, 'it contains ".."');
        }
        if (str_ends_with($handler, '.php')) {
            return new self(self::existing($folder, $handler), null);
        }
        $slash = strrpos($handler, '/');
        $directory = $slash === false ? '' : substr($handler, 0, $slash + 1);
        [$module, $name] = explode('.', substr($handler, strlen($directory)), 2) + ['', ''];
        if (is_file("$folder/" . self::BUNDLE)) {
            $name = $name === '' ? $module : preg_replace('/^bundle\./', '', $name);
            return new self("$folder/" . self::BUNDLE, self::checked($handler, $name));
        }
        if ($module === '') {
            throw self::malformed($handler, 'it names no module');
        }
        $name = self::checked($handler, $name);
        return new self(self::existing($folder, "$directory$module.php"), $name);
    }

    private static function checked(string $handler, string $name): string
    {
        if ($name === '') {
            throw self::malformed($handler, 'it names no export');
        }
        return $name;
    }

    private static function existing(string $folder, string $path): string
    {
        if (is_file("$folder/$path")) {
            return "$folder/$path";
        }
        throw new HostError(
            'Runtime.ImportModuleError',
            "Cannot find \"$path\" in \"$folder\": looked for it and for \"" . self::BUNDLE . '"',
        );
    }

    private static function malformed(string $handler, string $reason): HostError
    {
        return new HostError(
            'Runtime.MalformedHandlerName',
            "Cannot use handler \"$handler\": $reason, expected \"module.name\" or \"path/file.php\"",
        );
    }
}

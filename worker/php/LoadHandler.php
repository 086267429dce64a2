<?php

declare(strict_types=1);

namespace Pilotlight;

use Closure;
use ParseError;

/** Loads the function's file and takes the handler from it. */
final class LoadHandler
{
    /**
     * @throws HostError `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`; what the file throws is thrown on
     */
    public static function from(HandlerPlace $place): Handler
    {
        ['file' => $file, 'name' => $name] = (array) $place;
        try {
            $returned = self::load($file);
        } catch (ParseError $error) {
            $at = "\"{$error->getFile()}\" at line {$error->getLine()}";
            throw new HostError('Runtime.UserCodeSyntaxError', "Cannot load $at: {$error->getMessage()}", $error);
        }
        $found = self::find($returned, $name);
        if ($found !== null) {
            return new Handler($found);
        }
        $wanted = $name === null ? '' : "a function or key \"$name\", or ";
        throw new HostError(
            'Runtime.HandlerNotFound',
            "Cannot find the handler in \"$file\": it returns " . get_debug_type($returned)
            . ", expected {$wanted}a callable or an object with \"handle\" as what it returns",
        );
    }

    /** In a scope of its own: what the file defines must not meet ours. */
    private static function load(string $file): mixed
    {
        return (static fn (): mixed => require $file)();
    }

    /** By its name in what the file returned or as a function, else what the file returned. */
    private static function find(mixed $returned, ?string $name): ?Closure
    {
        $named = $name === null ? null : self::walk($returned, explode('.', $name));
        $candidates = [$named, $name, $returned];
        if (is_object($returned)) {
            $candidates[] = [$returned, 'handle'];
        }
        foreach ($candidates as $candidate) {
            if (is_callable($candidate)) {
                return Closure::fromCallable($candidate);
            }
        }
        return null;
    }

    /** @param list<string> $names */
    private static function walk(mixed $value, array $names): mixed
    {
        foreach ($names as $name) {
            if (is_object($value) && is_callable([$value, $name])) {
                $value = [$value, $name];
            } elseif (is_object($value)) {
                $value = $value->$name ?? null;
            } else {
                $value = is_array($value) ? $value[$name] ?? null : null;
            }
        }
        return $value;
    }
}

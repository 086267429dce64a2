<?php

declare(strict_types=1);

namespace Pilotlight\Http;

/** Takes a form with files apart, as PHP does under a web server. */
final class Multipart
{
    /**
     * @param string $type the value of `Content-Type`
     *
     * @return array{array<string, mixed>, array<string, mixed>} what `$_POST` and `$_FILES` have
     */
    public static function parse(string $type, string $body): array
    {
        if (preg_match('/boundary=(?:"([^"]+)"|([^;\s]+))/i', $type, $found) !== 1) {
            return [[], []];
        }
        $boundary = $found[1] !== '' ? $found[1] : $found[2];
        $fields = [];
        $files = [];
        // Each part ends before the line end that belongs to the next boundary.
        foreach (array_slice(explode("\r\n--$boundary", "\r\n$body"), 1) as $part) {
            if (str_starts_with($part, '--')) {
                break;
            }
            [$head, $content] = explode("\r\n\r\n", $part, 2) + ['', ''];
            $name = self::parameter($head, 'name');
            $fileName = self::parameter($head, 'filename');
            if ($name !== null && $fileName === null) {
                $fields[] = urlencode($name) . '=' . urlencode($content);
            } elseif ($name !== null) {
                $files[] = [$name, UploadedFiles::keep($fileName, self::contentType($head), $content)];
            }
        }
        parse_str(strtr(implode('&', $fields), ['%5B' => '[', '%5D' => ']']), $post);
        return [$post, self::nest($files)];
    }

    private static function parameter(string $head, string $name): ?string
    {
        $found = preg_match("/^content-disposition:.*;[ \\t]*$name=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))/im", $head, $match);
        return $found === 1 ? stripslashes($match[1] !== '' ? $match[1] : $match[2] ?? '') : null;
    }

    private static function contentType(string $head): string
    {
        return preg_match('/^content-type:[ \t]*([^\r\n]+)/im', $head, $match) === 1 ? trim($match[1]) : '';
    }

    /**
     * PHP turns `photo[a]` inside out: `$_FILES['photo']['size']['a']`.
     *
     * @param list<array{string, array<string, string|int>}> $files
     */
    private static function nest(array $files): array
    {
        $nested = [];
        $values = [];
        $query = [];
        foreach ($files as [$name, $file]) {
            $bracket = strpos($name, '[');
            [$first, $rest] = $bracket === false ? [$name, ''] : [substr($name, 0, $bracket), substr($name, $bracket)];
            foreach ($file as $key => $value) {
                $query[] = urlencode($first) . "[$key]" . strtr(urlencode($rest), ['%5B' => '[', '%5D' => ']'])
                    . '=' . count($values);
                $values[] = $value;
            }
        }
        parse_str(implode('&', $query), $nested);
        // Through the query goes only the number of each value: sizes stay numbers.
        array_walk_recursive($nested, static function (mixed &$value) use ($values): void {
            $value = $values[(int) $value];
        });
        return $nested;
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight\Http;

/** The result of an HTTP answer, in the form that the sender of the event reads. */
final class Result
{
    private const TEXT_TYPE = '#^\s*(?:text/|(?:application|image)/(?:[\w.-]+\+)?(?:json|javascript|ecmascript|xml|yaml|'
        . 'x-yaml|x-www-form-urlencoded)\b)#i';
    /** What concerns one connection and not the message; RFC 9110, 7.6.1. */
    private const OF_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding',
        'upgrade'];

    /** @return array<string, mixed> */
    public static function of(Request $request, Response $response, string $body): array
    {
        $headers = array_diff_key($response->headers(), array_flip(self::OF_CONNECTION));
        $isText = self::isText($body, $headers['content-type'][0], $headers['content-encoding'][0] ?? 'identity');
        $status = $response->status();
        $content = ['body' => $isText ? $body : base64_encode($body), 'isBase64Encoded' => !$isText];
        if ($request->source === 'rest1') {
            return ['statusCode' => $status, 'multiValueHeaders' => $headers, ...$content];
        }
        if ($request->source === 'url2') {
            return [...self::prelude($status, $headers), ...$content];
        }
        $described = ['statusCode' => $status, 'statusDescription' => "$status " . (Reasons::OF[$status] ?? 'Unknown')];
        return $request->multiValue
            ? [...$described, 'multiValueHeaders' => $headers, ...$content]
            : [...$described, 'headers' => self::single($headers), ...$content];
    }

    /**
     * Status, headers and cookies, as function URLs read them.
     *
     * @param array<string, list<string>> $headers
     *
     * @return array{statusCode: int, headers: array<string, string>, cookies: list<string>}
     */
    public static function prelude(int $status, array $headers): array
    {
        $cookies = $headers['set-cookie'] ?? [];
        unset($headers['set-cookie']);
        return ['statusCode' => $status, 'headers' => self::joined($headers), 'cookies' => $cookies];
    }

    /** Decides whether a body goes into a result as it is: base64 costs a third more and, on REST APIs, a setting. */
    private static function isText(string $body, string $type, string $encoding): bool
    {
        return $body === '' || (strtolower($encoding) === 'identity' && preg_match(self::TEXT_TYPE, $type) === 1
            && preg_match('//u', $body) === 1);
    }

    /** Cookies cannot be joined, but the case of a header's name is free: so each gets a key of its own. */
    private static function single(array $headers): array
    {
        $cookies = $headers['set-cookie'] ?? [];
        unset($headers['set-cookie']);
        $single = self::joined($headers);
        foreach ($cookies as $index => $cookie) {
            $name = 'set-cookie';
            foreach ([0, 1, 2, 4, 5, 6, 7, 8, 9] as $bit => $place) {
                $name[$place] = (($index >> $bit) & 1) === 1 ? strtoupper($name[$place]) : $name[$place];
            }
            $single[$name] = $cookie;
        }
        return $single;
    }

    private static function joined(array $headers): array
    {
        return array_map(static fn (array $values): string => implode(', ', $values), $headers);
    }
}

<?php

declare(strict_types=1);

namespace Pilotlight\Http;

/** An HTTP request, taken from the event that carried it. */
final readonly class Request
{
    /** What else could end the host's part of a URL and begin another part of it. */
    private const AUTHORITY = '/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/iD';

    /**
     * @param string|null $source who sent it: `url2` (function URL, HTTP API), `rest1` (REST API), `alb`; `null` for an
     *     event that is no HTTP request
     * @param bool $multiValue whether the event came with lists of values, which a load balancer wants in answers, too
     * @param array<string, list<string>> $headers by names in lower case
     */
    private function __construct(
        public ?string $source,
        public bool $multiValue,
        public string $method,
        public string $path,
        public string $query,
        public array $headers,
        public string $body,
        public ?string $clientAddress,
        public string $authority,
    ) {
    }

    /**
     * Makes the request of an event. Names and meanings: AWS's pages on function URLs, API Gateway's proxy integrations
     * and Lambda targets of load balancers. An event of another kind is posted to `/events`.
     */
    public static function of(mixed $event, string $json): self
    {
        $fields = self::array($event);
        $context = self::array($fields['requestContext'] ?? null);
        $source = self::source($fields, $context);
        if ($source === null) {
            $headers = ['host' => ['localhost'], 'content-type' => ['application/json']];
            return new self(null, false, 'POST', '/events', '', $headers, $json, null, 'localhost');
        }
        $http = self::array($context['http'] ?? null);
        $isUrl = $source === 'url2';
        $headers = self::headers($fields, $isUrl);
        $path = (string) (($isUrl ? $fields['rawPath'] ?? null : $fields['path'] ?? null) ?? '/');
        $body = (string) ($fields['body'] ?? '');
        $hosts = [$headers['host'][0] ?? '', (string) ($context['domainName'] ?? ''), 'localhost'];
        return new self(
            $source,
            $source === 'alb' && is_array($fields['multiValueHeaders'] ?? null),
            (string) (($isUrl ? $http['method'] ?? null : $fields['httpMethod'] ?? null) ?? 'GET'),
            self::encode(str_starts_with($path, '/') ? $path : "/$path"),
            $isUrl ? (string) ($fields['rawQueryString'] ?? '') : self::query($fields, $source === 'rest1'),
            $headers,
            ($fields['isBase64Encoded'] ?? false) === true ? (string) base64_decode($body) : $body,
            $http['sourceIp'] ?? $context['identity']['sourceIp'] ?? null,
            array_values(preg_grep(self::AUTHORITY, $hosts))[0],
        );
    }

    /** The first value of a header. */
    public function header(string $name): ?string
    {
        return $this->headers[$name][0] ?? null;
    }

    private static function source(array $fields, array $context): ?string
    {
        // What an authorizer is asked about is a request too, but what it answers is none; a WebSocket goes on as messages.
        if (isset($fields['methodArn']) || isset($fields['routeArn']) || isset($context['connectionId'])) {
            return null;
        }
        if (($fields['version'] ?? null) === '2.0') {
            return is_array($context['http'] ?? null) ? 'url2' : null;
        }
        if (is_array($context['elb'] ?? null)) {
            return 'alb';
        }
        $isRest = ($context['httpMethod'] ?? $context['resourceId'] ?? '') !== '';
        return $isRest && ($fields['httpMethod'] ?? '') !== '' ? 'rest1' : null;
    }

    /** @return array<string, list<string>> */
    private static function headers(array $fields, bool $isUrl): array
    {
        $headers = [];
        $multi = $isUrl ? null : $fields['multiValueHeaders'] ?? null;
        foreach (self::pairs($multi ?? $fields['headers'] ?? null) as [$name, $value]) {
            $headers[strtolower($name)][] = $value;
        }
        // Function URLs leave cookies among the headers too, HTTP APIs do not.
        if ($isUrl && self::array($fields['cookies'] ?? null) !== []) {
            $headers['cookie'] = [implode('; ', $fields['cookies'])];
        }
        return $headers;
    }

    /** REST APIs decode the query, so it is encoded again; load balancers hand over what the client wrote. */
    private static function query(array $fields, bool $isDecoded): string
    {
        $pairs = self::pairs($fields['multiValueQueryStringParameters'] ?? $fields['queryStringParameters'] ?? null);
        $encode = $isDecoded ? rawurlencode(...) : strval(...);
        return implode('&', array_map(
            static fn (array $pair): string => $encode($pair[0]) . '=' . $encode($pair[1]),
            $pairs,
        ));
    }

    /** @return list<array{string, string}> a name and a value each */
    private static function pairs(mixed $values): array
    {
        $pairs = [];
        foreach (self::array($values) as $name => $items) {
            foreach (is_array($items) ? $items : [$items] as $item) {
                if (is_scalar($item)) {
                    $pairs[] = [(string) $name, is_bool($item) ? var_export($item, true) : (string) $item];
                }
            }
        }
        return $pairs;
    }

    /** A path comes decoded from some senders; what a request line cannot hold is encoded. */
    private static function encode(string $path): string
    {
        return (string) preg_replace_callback(
            '/[^!$-;=@-Z[\]_a-z|~%]+/',
            static fn (array $found): string => rawurlencode($found[0]),
            $path,
        );
    }

    private static function array(mixed $value): array
    {
        return is_array($value) ? $value : [];
    }
}

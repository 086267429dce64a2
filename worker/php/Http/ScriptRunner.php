<?php

declare(strict_types=1);

namespace Pilotlight\Http;

use Pilotlight\Context;
use Pilotlight\HandlerPlace;
use Pilotlight\HostError;
use Pilotlight\Invocation;
use Pilotlight\Json;
use Pilotlight\Runner;
use Pilotlight\Scope;
use Pilotlight\Stream\SendStream;
use Pilotlight\StreamedResult;
use ReflectionClass;
use ReflectionFunction;
use Throwable;

/**
 * Runs invocations by a script that is included for each, as front controllers are under a web server. What the process
 * keeps is kept between requests: loaded classes, static variables, globals.
 */
final class ScriptRunner implements Runner
{
    private readonly string $script;
    private readonly Superglobals $superglobals;
    private readonly bool $isStreaming;
    private Invocation $invocation;
    private Request $request;
    /** Whether the script can run only once in a process; `null` before it has. */
    private ?bool $runsOnce = null;

    /**
     * @throws HostError `Runtime.SettingInvalid` where `header()` is PHP's own; as of `HandlerPlace`
     */
    public function __construct(string $folder, string $handler, private readonly Scope $scope)
    {
        if ((new ReflectionFunction('header'))->isInternal()) {
            throw new HostError(
                'Runtime.SettingInvalid',
                'Cannot use PILOTLIGHT_KIND="http": the command of the interpreter does not disable header(), '
                . 'expected "-d disable_functions=" as the manifest of the interpreter layer "php" has it',
            );
        }
        $this->script = (string) realpath(HandlerPlace::find($folder, $handler)->file);
        $this->superglobals = new Superglobals($this->script);
        $this->isStreaming = getenv('PILOTLIGHT_STREAM') === 'on';
        chdir(dirname($this->script));
    }

    public function run(Invocation $invocation): ?string
    {
        try {
            $context = $this->scope->enter($invocation);
            $event = Json::readEvent($invocation->body(), false);
            $this->invocation = $invocation;
            $this->begin(Request::of($event, $invocation->body()), $context, $event);
            return $this->script;
        } catch (Throwable $error) {
            $this->leave();
            $this->scope->fail($invocation, $error);
            return null;
        }
    }

    /** Answers when the script has run, with what it threw. */
    public function end(?Throwable $error): void
    {
        $this->runsOnce ??= $this->declaresNames();
        try {
            if ($error !== null) {
                $this->callExceptionHandler($error);
            }
            $this->answer($this->runsOnce);
        } catch (Throwable $thrown) {
            $this->leave();
            $this->scope->fail($this->invocation, $thrown);
        }
    }

    /** Answers when the script has ended its process, as many do behind a redirect. */
    public function endByExit(): void
    {
        try {
            $this->answer(true);
        } catch (Throwable $error) {
            $this->scope->fail($this->invocation, $error);
        }
    }

    private function begin(Request $request, Context $context, mixed $event): void
    {
        $this->request = $request;
        Response::$current = new Response();
        $this->superglobals->fill($request, $context, $event);
        if ($request->body !== '') {
            InputStream::offer($request->body);
        }
        $this->scope->output->beginAnswer();
    }

    private function answer(bool $replace): void
    {
        $response = Response::$current;
        if ($response->callback !== null) {
            ($response->callback)();
        }
        $body = $this->leave();
        $result = $this->request->source === null
            ? EventAnswer::of($response->status(), $body)
            : Result::of($this->request, $response, $body);
        if ($this->isStreaming && in_array($this->request->source, ['url2', 'rest1'], true)) {
            ['statusCode' => $status, 'headers' => $headers, 'cookies' => $cookies] =
                Result::prelude($response->status(), $response->headers());
            SendStream::send(StreamedResult::http([$body], $status, $headers, $cookies), $this->invocation, $replace);
            $this->scope->leave();
            return;
        }
        $json = Json::writeResult($result);
        $this->scope->leave();
        $this->invocation->succeed($json, $replace);
    }

    /** Takes back what the request changed; returns what was printed. */
    private function leave(): string
    {
        $body = $this->scope->output->endAnswer();
        InputStream::withdraw();
        UploadedFiles::clear();
        return $body;
    }

    /** @throws Throwable the error itself where the script has no handler for it */
    private function callExceptionHandler(Throwable $error): void
    {
        $handler = set_exception_handler(null);
        restore_exception_handler();
        if ($handler === null) {
            throw $error;
        }
        $handler($error);
    }

    /** A name that the script itself declares cannot be declared again: it would end the next request. */
    private function declaresNames(): bool
    {
        foreach (get_defined_functions()['user'] as $name) {
            if ((new ReflectionFunction($name))->getFileName() === $this->script) {
                return true;
            }
        }
        foreach ([...get_declared_classes(), ...get_declared_interfaces(), ...get_declared_traits()] as $name) {
            $class = new ReflectionClass($name);
            if ($class->getFileName() === $this->script && !$class->isAnonymous()) {
                return true;
            }
        }
        return false;
    }
}

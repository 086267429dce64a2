<?php

declare(strict_types=1);

function showForm(): void
{
    echo '<form method="post" action="/greeting"><input name="name"><button>Greet me</button></form>';
}

function greet(string $name): void
{
    header('Content-Type: application/json');
    echo json_encode(['greeting' => "Hello, $name"]);
}

/** Remembers the name and leads to the greeting. */
function keepName(string $name): void
{
    setcookie('name', $name, ['path' => '/', 'httponly' => true]);
    header('Location: /greeting');
}

/** @param array<string, mixed> $file an entry of $_FILES */
function describeUpload(array $file): void
{
    header('Content-Type: application/json');
    echo json_encode(['name' => $file['name'] ?? null, 'sha1' => sha1_file($file['tmp_name'])]);
}

/** What is no HTTP request comes as a POST to /events. */
function takeEvent(string $json): void
{
    error_log("got an event of {$_SERVER['CONTENT_LENGTH']} bytes");
    echo $json;
}

function notFound(string $path): void
{
    http_response_code(404);
    echo 'Nothing is at ', htmlspecialchars($path);
}

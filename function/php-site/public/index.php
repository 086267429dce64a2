<?php

declare(strict_types=1);

require_once __DIR__ . '/../src/routes.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

match ("{$_SERVER['REQUEST_METHOD']} $path") {
    'GET /' => showForm(),
    'GET /greeting' => greet($_GET['name'] ?? $_COOKIE['name'] ?? 'world'),
    'POST /greeting' => keepName($_POST['name'] ?? 'world'),
    'POST /upload' => describeUpload($_FILES['photo'] ?? []),
    'POST /events' => takeEvent((string) file_get_contents('php://input')),
    default => notFound((string) $path),
};

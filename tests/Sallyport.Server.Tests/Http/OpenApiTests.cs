using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>The published OpenAPI document describes the running server.</summary>
public sealed class OpenApiTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A run with <c>UPDATE_OPENAPI=true</c> writes the document.</summary>
    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        var path = Path.Combine(Repository.Root, "docs", "openapi.json");
        var served = (await FetchAsync()).ToJsonString(Pretty) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "true")
        {
            await File.WriteAllTextAsync(path, served, CancellationToken.None);
        }

        (await File.ReadAllTextAsync(path, CancellationToken.None)).ShouldBe(
            served, "Run this test with UPDATE_OPENAPI=true and review the changes.");
    }

    [Fact]
    public async Task A_client_that_has_the_current_document_gets_a_304()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        using var first = await server.Http.GetAsync("/openapi.json", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());

        using var second = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        first.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        (await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_endpoint_is_described_with_its_body_credentials_and_errors()
    {
        var server = await servers.GetAsync(Engine.Sqlite);
        var paths = (await FetchAsync())["paths"]!;
        var endpoints = MappedEndpoint.List(server)
            .Where(endpoint => endpoint.IsManagement || endpoint.Pattern.StartsWith("/appliance-mfa/api/", StringComparison.Ordinal) || endpoint.Pattern == "/oauth/token")
            .ToList();
        endpoints.Count.ShouldBeGreaterThan(18);

        foreach (var endpoint in endpoints)
        {
            var path = paths[endpoint.Pattern].ShouldNotBeNull(endpoint.ToString());
            var operation = path[endpoint.Method.ToLowerInvariant()].ShouldNotBeNull(endpoint.ToString());
            ((string?)operation["operationId"]).ShouldNotBeNullOrEmpty(endpoint.ToString());
            var responses = operation["responses"]!.AsObject();
            responses.Count(response => response.Key.StartsWith('2')).ShouldBeGreaterThan(0, endpoint.ToString());
            responses.ContainsKey("429").ShouldBeTrue(endpoint.ToString());
            responses.ContainsKey("401").ShouldBeTrue(endpoint.ToString());
            responses.Where(response => response.Key[0] == '4').ShouldAllBe(response => response.Value!["content"] != null);
            (operation["requestBody"] is not null).ShouldBe(endpoint.BodyType is not null, endpoint.ToString());
            foreach (var parameter in endpoint.Endpoint.RoutePattern.Parameters)
            {
                operation["parameters"]!.AsArray().ShouldContain(known => (string)known!["name"]! == parameter.Name && (string)known["in"]! == "path");
            }

            if (endpoint.Endpoint.Metadata.GetMetadata<RequiredScopes>() is { } scopes)
            {
                scopes.Any.ShouldAllBe(scope => ((string)operation["description"]!).Contains(scope));
                operation["security"]![0]!["accessToken"].ShouldNotBeNull();
                responses.ContainsKey("403").ShouldBeTrue(endpoint.ToString());
            }
        }
    }

    [Fact]
    public async Task Schemas_match_the_requests_and_responses()
    {
        var document = await FetchAsync();
        var schemas = document["components"]!["schemas"]!;

        schemas["CreateTicketRequest"]!.ToJsonString(Pretty).ShouldContain("\"additionalProperties\": false");
        schemas["PatchUserRequest"]!["additionalProperties"].ShouldBeNull();
        ((string)schemas["CreateTicketRequest"]!["properties"]!["email"]!["format"]!).ShouldBe("email");
        schemas["CreateTicketRequest"]!["properties"]!["factor"]!["enum"]!.AsArray().Count.ShouldBe(6);
        ((string)schemas["CreateTicketRequest"]!["properties"]!["email"]!["type"]!).ShouldBe("string");
        schemas["PatchUserRequest"]!["properties"]!["email"]!["type"]!.ToJsonString().ShouldBe("""["null","string"]""");
        ((string)schemas["User"]!["properties"]!["email"]!["type"]!).ShouldBe("string");
        ((string)schemas["User"]!["properties"]!["created_at"]!["type"]!).ShouldBe("string");
        schemas["ApiErrorBody"]!["required"]!.AsArray().Select(name => (string)name!).ShouldBe(["statusCode", "error", "message"]);
        ((string)schemas["ApiErrorBody"]!["properties"]!["statusCode"]!["type"]!).ShouldBe("integer");
        schemas["UserPage"]!["properties"]!.AsObject().Count.ShouldBe(5);
        document["paths"]!["/api/v2/users"]!["get"]!["parameters"]!.AsArray().Count.ShouldBe(10);
        var form = document["paths"]!["/api/v2/jobs/users-imports"]!["post"]!["requestBody"]!["content"]!.AsObject().ShouldHaveSingleItem();
        form.Key.ShouldBe("multipart/form-data");
        schemas["ImportParts"]!["required"]!.AsArray().Select(name => (string)name!).ShouldBe(["users", "connection_id"]);
        ((string)schemas["ImportParts"]!["properties"]!["users"]!["format"]!).ShouldBe("binary");
        document.ToJsonString().ShouldNotContain("management-api");
        document.ToJsonString().ShouldNotContain("127.0.0.1");
    }

    private async Task<JsonNode> FetchAsync() => await new OAuthApi(await servers.GetAsync(Engine.Sqlite)).GetAsync("/openapi.json");
}

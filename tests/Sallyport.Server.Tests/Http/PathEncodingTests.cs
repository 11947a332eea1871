using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

/// <summary>An identifier in a path is found whether the client encoded it once or twice (docs/management-api.md §E.5).</summary>
public sealed class PathEncodingTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Every_kind_of_identifier_is_found_encoded_once_and_twice(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        var management = person.Management;
        var method = (string)(await management.GetAsync(person.UserPath + "/authentication-methods")).AsArray()
            .First(known => (string)known!["type"]! == "totp")!["id"]!;
        var api = $"https://encoded.example/{engine}/v1/?a=b%2Fc";
        (await management.SendAsync(HttpMethod.Post, "/resource-servers", new { identifier = api })).ShouldBe(HttpStatusCode.Created);

        foreach (var path in new string[][]
        {
            ["users", person.UserId], ["users", person.UserId, "enrollments"], ["users", person.UserId, "authentication-methods", method],
            ["user-blocks", person.UserId], ["resource-servers", api],
        })
        {
            var once = path.Select(Uri.EscapeDataString).ToList();
            var twice = once.Select(Uri.EscapeDataString);

            var expected = await management.GetAsync("/" + string.Join('/', once));
            (await management.GetAsync("/" + string.Join('/', twice))).ToJsonString().ShouldBe(expected.ToJsonString(), string.Join('/', path));
        }
    }

    [Theory, Engines]
    public async Task A_slash_and_its_percent_code_in_a_user_id_are_different(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        foreach (var (suffix, email) in new[] { ("y/1", "slash-2@example.com"), ("y%2F1", "percent-2@example.com") })
        {
            (await management.SendAsync(HttpMethod.Post, "/users", new { connection = "c", user_id = suffix, email })).ShouldBe(HttpStatusCode.Created);
        }

        foreach (var (path, email) in new[]
        {
            ("auth0%7Cy%2F1", "slash-2@example.com"), ("auth0%257Cy%252F1", "slash-2@example.com"),
            ("auth0%7Cy%252F1", "percent-2@example.com"), ("auth0%257Cy%25252F1", "percent-2@example.com"),
        })
        {
            ((string)(await management.GetAsync("/users/" + path))["email"]!).ShouldBe(email, path);
        }
    }

    [Theory, Engines]
    public async Task A_twice_encoded_control_character_is_not_decoded(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        foreach (var path in new[] { "/users/auth0%257C%2500", "/clients/a%2500b", "/guardian/enrollments/%2500", "/logs/%250A" })
        {
            ((int)(await management.SendAsync(HttpMethod.Get, path)).Status).ShouldBeOneOf(400, 404);
        }
    }
}

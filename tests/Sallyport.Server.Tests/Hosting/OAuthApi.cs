using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Raw calls to the OAuth and OpenID Connect endpoints.</summary>
internal sealed class OAuthApi(TestServer server)
{
    public Dictionary<string, string> Parameters(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = TestServer.ClientId,
            ["client_secret"] = TestServer.ClientSecret,
            ["audience"] = server.Url + "/api/v2/",
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                parameters.Remove(name);
            }
            else
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await server.Http.GetAsync(path);
        return (await Answer.ReadAsync(response)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Sends a valid request as a form, with changes.</summary>
    public Task<Answer> SendAsync(params (string Name, string? Value)[] changes) =>
        SendAsync(new FormUrlEncodedContent(Parameters(changes)));

    public Task<Answer> SendTextAsync(string body, string type) => SendAsync(new StringContent(body, Encoding.UTF8, type));

    /// <param name="basic">The credentials before they are encoded in base64.</param>
    public async Task<Answer> SendAsync(HttpContent content, string? basic = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = content };
        // The server refuses the body by its announced length. A client that does not wait may find the connection closed.
        request.Headers.ExpectContinue = content.Headers.ContentLength > 1024 * 1024;
        if (basic is not null)
        {
            request.Headers.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        }

        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}

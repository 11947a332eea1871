namespace Sallyport.Server.Tests.Hosting;

/// <summary>Requests without credentials, as browsers send them.</summary>
internal static class Requests
{
    public static Task<Answer> GetAsync(this TestServer server, string path) => server.SendAsync(HttpMethod.Get, path);

    public static async Task<Answer> SendAsync(
        this TestServer server, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await server.Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <returns>The header's values joined by a comma, an empty text where it is missing.</returns>
    public static string Header(this Answer answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}

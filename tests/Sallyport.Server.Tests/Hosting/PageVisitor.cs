using System.Net;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A browser that opens the sign-in page without running it, and keeps the cookie of remembered browsers.</summary>
internal sealed partial class PageVisitor(TestServer server)
{
    public string? Cookie { get; set; }

    /// <summary>The cookies of the browser in which an authorization was begun; null for another one.</summary>
    public CookieContainer? OfBrowser { get; init; }

    /// <summary>The header that has set the cookie.</summary>
    public string? SetCookie { get; private set; }

    public Task<Answer> OpenAsync(SignInStart signIn, string addition = "") => SendAsync(HttpMethod.Get, new Uri(signIn.PageUrl).PathAndQuery + addition, authorization: null);

    public Task<Answer> PeekAsync(SignInStart signIn) => SendAsync(HttpMethod.Head, new Uri(signIn.PageUrl).PathAndQuery, authorization: null);

    /// <returns>The result that the page posts without a question; null if it asks for a second factor.</returns>
    public async Task<string?> FindResultAsync(SignInStart signIn)
    {
        var page = await OpenAsync(signIn);
        page.Status.ShouldBe(HttpStatusCode.OK);
        return Signature().Match(page.Text) is { Success: true } match ? match.Groups[1].Value : null;
    }

    /// <summary>Does the same as the widget if the box is ticked.</summary>
    public Task<Answer> RememberAsync(string? token) =>
        SendAsync(HttpMethod.Post, "/mfa/remember-browser", token is null ? null : "Bearer " + token);

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? authorization)
    {
        using var http = new HttpClient(TestCertificate.CreateHandler(usesCookies: false)) { BaseAddress = server.Http.BaseAddress };
        using var request = new HttpRequestMessage(method, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        string?[] cookies = [Cookie is null ? null : "auth0-mf=" + Cookie, OfBrowser?.GetCookieHeader(new Uri(server.Url))];
        if (string.Join("; ", cookies.Where(cookie => !string.IsNullOrEmpty(cookie))) is { Length: > 0 } header)
        {
            request.Headers.TryAddWithoutValidation("Cookie", header);
        }

        using var response = await http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            SetCookie = set.Single();
            Cookie = SetCookie.Split(';')[0].Split('=')[1];
        }

        return await Answer.ReadAsync(response);
    }

    [GeneratedRegex("name=\"signature\" value=\"([^\"]+)\"")]
    private static partial Regex Signature();
}

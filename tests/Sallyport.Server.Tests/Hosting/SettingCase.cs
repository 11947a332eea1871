namespace Sallyport.Server.Tests.Hosting;

/// <summary>One case of a write: the request, its answer, and the result of later reads.</summary>
/// <param name="Request">Method and path.</param>
/// <param name="Body">The body of the request.</param>
/// <param name="Answer">Null if it equals the body exactly.</param>
/// <param name="Stored">Null if it equals the body.</param>
public sealed record SettingCase(string Request, string Body, string? Answer = null, string? Stored = null)
{
    public HttpMethod Method => HttpMethod.Parse(Request.Split(' ')[0]);

    public string Path => Request.Split(' ')[1];
}

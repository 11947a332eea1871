
namespace Sallyport.Server.Tests.Hosting;

/// <summary>One row of a table of endpoints: a request, what it is answered, and what a reader sees from then on.</summary>
/// <param name="Request">Verb and path.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Answer">Null for what was sent, to the letter.</param>
/// <param name="Stored">Null for what was sent.</param>
public sealed record SettingCase(string Request, string Body, string? Answer = null, string? Stored = null)
{
    public HttpMethod Method => HttpMethod.Parse(Request.Split(' ')[0]);

    public string Path => Request.Split(' ')[1];
}

using System.Collections.Specialized;
using System.Text;
using System.Web;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Providers;

/// <summary>Accepts text messages as Twilio's Messages API does.</summary>
internal sealed class FakeTwilio(int port, Action<string, string> receive) : IDisposable
{
    private readonly LoopbackServer server = new(port, request =>
    {
        var form = HttpUtility.ParseQueryString(Encoding.ASCII.GetString(request.Body));
        receive(Field(form, "To"), Field(form, "Body"));
        return """{"sid":"SM00000000000000000000000000000000","status":"queued"}""";
    });

    public void Dispose() => server.Dispose();

    private static string Field(NameValueCollection form, string name) =>
        form[name] ?? throw new WrongAnswerException($"text message: {name} is missing");
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A response that has been read.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonNode? Json => Text.Length > 0 && Text[0] is '{' or '[' ? JsonNode.Parse(Text) : null;

    public string? ErrorCode => (string?)Json?["errorCode"];

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());

    /// <returns>The body, an empty object where there is none.</returns>
    public JsonNode ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return Json ?? new JsonObject();
    }

    public void ShouldBeError(HttpStatusCode status, string errorCode)
    {
        Status.ShouldBe(status, Text);
        ErrorCode.ShouldBe(errorCode, Text);
    }

    /// <summary>The body of an error of an OAuth endpoint.</summary>
    public void ShouldBeOAuthError(HttpStatusCode status, string error, string? description = null)
    {
        Status.ShouldBe(status, Text);
        ((string?)Json?["error"]).ShouldBe(error, Text);
        ((string?)Json!["error_description"]).ShouldBe(description ?? (string?)Json["error_description"], Text);
    }
}

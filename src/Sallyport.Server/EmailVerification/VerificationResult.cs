using Microsoft.AspNetCore.WebUtilities;

namespace Sallyport.Server.EmailVerification;

/// <summary>Where the tenant wants a person to go when the link is done with (guardian-behaviour 1.5).</summary>
/// <param name="Email">Where it is to be told.</param>
internal sealed record VerificationResult(Uri Url, string? Email)
{
    public string With(bool isSuccess, string message)
    {
        var query = new Dictionary<string, string?> { ["success"] = isSuccess ? "true" : "false", ["message"] = message };
        if (Email is not null)
        {
            query["email"] = Email;
        }

        return QueryHelpers.AddQueryString(Url.AbsoluteUri, query);
    }
}

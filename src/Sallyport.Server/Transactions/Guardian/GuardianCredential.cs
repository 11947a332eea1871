using System.Reflection;
using Sallyport.Server.Http;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The credential in the <c>Authorization</c> header of start-flow: a scheme that an origin knows, and a secret.</summary>
internal sealed record GuardianCredential(ITransactionOrigin Origin, string Value)
{
    /// <summary>One answer for unknown, used and expired.</summary>
    public static readonly ApiError Refused = ApiError.Unauthorized("Invalid token.", ErrorCodes.InvalidToken);

    public static readonly ApiError Malformed =
        ApiError.Unauthorized("Bad HTTP authentication header format", ErrorCodes.InvalidBearerFormat);

    /// <summary>The id in <c>id="…"</c>; null if the value has another form.</summary>
    public string? QuotedId => Unquote(Value);

    /// <exception cref="ApiException">401 where no origin knows the scheme.</exception>
    public static ValueTask<GuardianCredential> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (scheme, value) = Split(context.Request.Headers.Authorization);
        var origin = context.RequestServices.GetServices<ITransactionOrigin>()
            .FirstOrDefault(known => scheme.Equals(known.Scheme, StringComparison.OrdinalIgnoreCase));
        return origin is null
            ? throw new ApiException(Malformed)
            : ValueTask.FromResult(new GuardianCredential(origin, value));
    }

    public static (string Scheme, string Value) Split(string? header)
    {
        var space = header?.IndexOf(' ') ?? -1;
        return space < 0 ? ("", "") : (header![..space], header[(space + 1)..].Trim());
    }

    /// <summary>The header reads <c>Ticket id="…"</c>, with the quotes (docs/wire.md §1.2).</summary>
    public static string? Unquote(string value)
    {
        const string Prefix = "id=\"";
        return value.Length > Prefix.Length && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && value.EndsWith('"')
            ? value[Prefix.Length..^1]
            : null;
    }

    public override string ToString() => $"{Origin.Name} ***";
}

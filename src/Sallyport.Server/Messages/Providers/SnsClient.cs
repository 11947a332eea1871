namespace Sallyport.Server.Messages.Providers;

/// <summary>Calls the actions of Amazon SNS (version 2010-03-31) with the account of a tenant.</summary>
/// <param name="address">Without a trailing slash.</param>
internal sealed class SnsClient(ProviderClient client, string address, AwsAccount account, TimeProvider clock)
{
    public async Task<SnsAnswer> CallAsync(
        string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address + "/")
        {
            Content = new FormUrlEncodedContent([new("Action", action), new("Version", "2010-03-31"), .. parameters]),
        };
        await AwsSignature.SignAsync(request, account, "sns", clock.GetUtcNow(), cancellationToken);
        return new SnsAnswer(await client.SendAsync(request, cancellationToken));
    }

    /// <summary>The parameters of <c>Publish</c> for message attributes.</summary>
    public static IEnumerable<KeyValuePair<string, string>> MessageAttributes(params IEnumerable<(string Name, string Value)> attributes) =>
        attributes.Index().SelectMany(attribute => new KeyValuePair<string, string>[]
        {
            new($"MessageAttributes.entry.{attribute.Index + 1}.Name", attribute.Item.Name),
            new($"MessageAttributes.entry.{attribute.Index + 1}.Value.DataType", "String"),
            new($"MessageAttributes.entry.{attribute.Index + 1}.Value.StringValue", attribute.Item.Value),
        });
}

/// <summary>An answer of Amazon SNS, which is XML.</summary>
internal sealed class SnsAnswer(ProviderAnswer answer)
{
    private static readonly HashSet<string> ConfigurationCodes = new(StringComparer.Ordinal)
    {
        "AccessDenied", "AuthorizationError", "ExpiredToken", "IncompleteSignature", "InvalidClientTokenId", "InvalidSecurity",
        "MissingAuthenticationToken", "OptInRequired", "PlatformApplicationDisabled", "RequestExpired", "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    };

    private static readonly HashSet<string> TemporaryCodes = new(StringComparer.Ordinal)
    {
        "KMSThrottling", "RequestLimitExceeded", "Throttled", "ThrottledException", "Throttling", "ThrottlingException",
    };

    public bool IsSuccess => answer.IsSuccess;

    /// <summary>Empty for a success.</summary>
    public string ErrorCode => IsSuccess ? "" : Find("Code") ?? "";

    public string? ErrorMessage => Find("Message");

    /// <returns>The text of the first element of that name.</returns>
    public string? Find(string name)
    {
        var start = answer.Body.IndexOf($"<{name}>", StringComparison.Ordinal) + name.Length + 2;
        var end = answer.Body.IndexOf($"</{name}>", StringComparison.Ordinal);
        return start > name.Length + 1 && end >= start ? answer.Body[start..end] : null;
    }

    public DeliveryException Refusal() => answer.Refusal(
        $"{ErrorCode} {ErrorMessage}".Trim(),
        ConfigurationCodes.Contains(ErrorCode) ? RefusalKind.Configuration : TemporaryCodes.Contains(ErrorCode) ? RefusalKind.Temporary : null);

    public override string ToString() => answer.ToString();
}

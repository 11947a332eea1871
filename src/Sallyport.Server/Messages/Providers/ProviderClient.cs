using System.Net;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Sallyport.Server.Messages.Providers;

/// <summary>
/// Calls a provider over HTTP. A request is sent once: the outbox tries a message again, not the client, because the provider may have
/// accepted a request whose answer was lost.
/// </summary>
internal sealed class ProviderClient(IHttpClientFactory clients, string name)
{
    /// <summary>The name in texts and in the configuration.</summary>
    public string Name => name;

    /// <param name="request">For HTTP/2, with its version.</param>
    /// <returns>The answer, also if it is a refusal.</returns>
    /// <exception cref="DeliveryException">There is no answer.</exception>
    public async Task<ProviderAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The client writes headers as they are, so a line break in a credential would begin another header.
        if (request.Headers.NonValidated.SelectMany(header => header.Value).Any(value => value.AsSpan().ContainsAny('\r', '\n', '\0')))
        {
            throw DeliveryException.Misconfigured($"{name} was not called: a credential has a line break, which no header can have.");
        }

        using var client = clients.CreateClient(name);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return new ProviderAnswer(name, response.StatusCode, body)
            {
                RetryAfter = RetryAfterOf(response),
                ErrorType = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.First() : null,
                MessageId = response.Headers.TryGetValues("X-Message-Id", out var ids) ? ids.First() : null,
            };
        }
        catch (TimeoutRejectedException exception)
        {
            throw DeliveryException.Temporary($"{name} did not answer within {exception.Timeout.TotalSeconds} seconds.");
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw DeliveryException.Temporary($"{name} did not answer within {client.Timeout.TotalSeconds} seconds.");
        }
        catch (BrokenCircuitException)
        {
            throw DeliveryException.Temporary($"{name} is not called for a while, because the last calls failed.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is DestinationRefusedException)
        {
            throw DeliveryException.Misconfigured($"{name} was not called: {exception.InnerException.Message}.");
        }
        catch (HttpRequestException exception)
        {
            throw DeliveryException.Temporary($"{name} cannot be reached: {exception.HttpRequestError}.");
        }
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        { Date: { } at } when response.Headers.Date is { } now => at - now,
        _ => null,
    };
}

/// <param name="Body">Empty if it was longer than a provider's answers are.</param>
internal sealed record ProviderAnswer(string Provider, HttpStatusCode Status, string Body)
{
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error that Amazon names in a header.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The id of the message that SendGrid gives in a header.</summary>
    public string? MessageId { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    /// <returns>A text or a number at the top of a JSON body; null if there is none.</returns>
    public string? FindMember(string name)
    {
        try
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var member)
                && member.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? member.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="reason">What the provider says, or its error code. It is cleaned of what may be secret.</param>
    /// <param name="kind">What the provider's own error code means; null for the meaning of the status.</param>
    public DeliveryException Refusal(string? reason = null, RefusalKind? kind = null)
    {
        var text = $"{Provider} answered {(int)Status}{(string.IsNullOrWhiteSpace(reason) ? "" : ": " + ProviderText.Clean(reason))}";
        return (kind ?? KindOf(Status)) switch
        {
            RefusalKind.Temporary => DeliveryException.Temporary(text, RetryAfter),
            RefusalKind.Configuration => DeliveryException.Misconfigured(text),
            RefusalKind.Permanent => DeliveryException.Permanent(text),
        };
    }

    /// <summary>
    /// Wrong credentials, addresses and unpaid bills are faults of the configuration, an overload passes, and any other refusal is about this message.
    /// </summary>
    private static RefusalKind KindOf(HttpStatusCode status) => (int)status switch
    {
        408 or 425 or 429 or >= 500 => RefusalKind.Temporary,
        401 or 402 or 403 or 404 or 405 or < 400 => RefusalKind.Configuration,
        _ => RefusalKind.Permanent,
    };

    public override string ToString() => $"{Provider} {(int)Status} ***";
}

internal enum RefusalKind
{
    /// <summary>The recipient or the message is refused.</summary>
    Permanent,

    Temporary,

    /// <summary>The settings of the provider are wrong.</summary>
    Configuration,
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Sallyport.Bench.Limit;

internal delegate void BindBytes(ReadOnlySpan<byte> value, bool isText);

/// <summary>The values of one operation, with the same lengths as the server's, generated at negligible cost.</summary>
internal sealed class LimitValues
{
    private const int Sha256Length = 32;

    private readonly byte[] ticketHash = RandomNumberGenerator.GetBytes(Sha256Length);
    private readonly byte[] userId;
    private readonly byte[] transactionId;
    private readonly byte[] authenticatorId;
    private readonly byte[] recoveryId;
    private readonly byte[] challengeId;
    private readonly byte[] attemptId;
    private readonly byte[] logId = new byte[56];
    private readonly long user;
    private readonly long operation;
    private int logs;

    public LimitValues(long user, long operation)
    {
        (this.user, this.operation) = (user, operation);
        userId = Text($"auth0|{user:d24}");
        transactionId = Text($"txn_{operation:d30}");
        authenticatorId = Text($"dev_{operation:d16}");
        recoveryId = Text($"dev_r{operation:d15}");
        challengeId = Text($"chl_{operation:d30}");
        attemptId = Text($"{operation:x32}");
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="name">The parameter's name in the SQL files.</param>
    public static Action<LimitValues> Binder(string name, BindBytes bytes, Action<long> number) => name switch
    {
        "now" => _ => number(Now),
        "later" => _ => number(Now + (long)TimeSpan.FromDays(5).TotalMilliseconds),
        "user" => values => number(values.user),
        "user_id" => values => bytes(values.userId, isText: true),
        "ticket_hash" => values => bytes(values.ticketHash, isText: false),
        "transaction_id" => values => bytes(values.transactionId, isText: true),
        "authenticator_id" => values => bytes(values.authenticatorId, isText: true),
        "recovery_id" => values => bytes(values.recoveryId, isText: true),
        "challenge_id" => values => bytes(values.challengeId, isText: true),
        "attempt_id" => values => bytes(values.attemptId, isText: true),
        "log_id" => values => bytes(values.NextLogId(), isText: true),
        _ => throw new ArgumentException($"There is no value named {name}"),
    };

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>Ascending like the server's ids; the operation number makes ids of one millisecond unique.</summary>
    private byte[] NextLogId()
    {
        Utf8.TryWrite(logId, $"900{Now:d17}{operation:d20}{logs++:d16}", out _);
        return logId;
    }
}

using System.Text.Json;
using Sallyport.Protocols.Tests;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>Users with values in common, and with values that are hard to compare. The same seed makes the same users.</summary>
internal sealed class Population
{
    public static readonly string[] Names =
    [
        "Jane Smith", "jane smith", "JANE", "John Smith", "Émile", "E\u0301mile", "émile zola", "İstanbul", "ΣΊΣΥΦΟΣ", "straße", "100%", "a_b", "axb",
        "a*b", "a?b", "[abc]", "a\\b", "\ue000", "\U0001F600 smile", "\U0010FFFF", "\ud7ff", "zz", "", " ", "null", "true", "13", "it's \"quoted\"",
    ];

    private static readonly string[] Metadata =
    [
        """{"plan":"gold","seats":13,"active":true}""", """{"plan":"Gold","seats":13.0,"active":false}""", """{"plan":["gold","silver"],"seats":"13"}""",
        """{"subscription":{"plan":"gold","since":2020}}""", """{"subscription":[{"plan":"silver"},{"plan":"gold","since":1.5e3}]}""", """{}""",
        """{"plan":null,"tags":[],"empty":{},"nested":{"empty":[]}}""", """{"tags":["a","b",["c",{"d":-0.0}]],"plan":"13"}""",
        """{"big":12345678901234567890123456789012345,"small":1e-30,"plan":"true"}""", """{"subscription.plan":"gold","É":"ß"}""",
    ];

    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public required IReadOnlyList<User> Users { get; init; }

    /// <summary>The ids of the users with a confirmed second factor.</summary>
    public required IReadOnlySet<string> Enrolled { get; init; }

    public static Population Make(uint seed, int count)
    {
        var random = Choices.Fixed(seed);
        var users = Enumerable.Range(0, count).Select(i => MakeUser(random, i)).ToList();
        return new Population
        {
            Users = users,
            Enrolled = users.Where(_ => random.Chance(30)).Select(user => user.UserId).ToHashSet(StringComparer.Ordinal),
        };
    }

    public static DateTimeOffset Instant(Choices random) => Start.AddMilliseconds(random.Below(1000) * 86_400_000L / 2 + random.Below(3));

    public static string Email(Choices random, int number) =>
        $"{random.Pick("jane", "john", "émile", "x")}{number % 7}@{random.Pick("example.com", "example.org", "mail.example.com")}";

    /// <returns>A migrated database with only these users.</returns>
    public async Task<TestDatabase> StoreAsync(Engine engine)
    {
        var shared = await TestDatabase.CreateAsync(engine);
        var database = await shared.OpenMigratedAsync();
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(TenantStore.InsertIfMissing(TenantId.Default, Start));
                UserStore.Insert(unit, TenantId.Default, [.. Users]);
                foreach (var user in Users)
                {
                    AddAuthenticator(unit, user.UserId, Enrolled.Contains(user.UserId));
                }

                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        await database.QueryAsync(new Statement(engine == Engine.Sqlite ? "SELECT 1" : "VACUUM ANALYZE"), row => 0, CancellationToken.None);
        return shared;
    }

    /// <summary>Adds a second factor, or only what does not count as one: a pending authenticator and a recovery code.</summary>
    private static void AddAuthenticator(UnitOfWork unit, string userId, bool isEnrolled)
    {
        foreach (var (factor, status) in new[] { ("otp", isEnrolled ? "confirmed" : "pending"), ("recovery-code", "confirmed") })
        {
            unit.Enqueue(new Statement("""
                INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, data, created_at)
                VALUES ('default', @id, @user_id, @factor, @is_enrollment, @status, '{}', 0)
                """,
                ("id", factor + userId),
                ("user_id", userId),
                ("factor", factor),
                ("is_enrollment", factor == "otp"),
                ("status", status)));
        }
    }

    private static User MakeUser(Choices random, int number) => new()
    {
        UserId = $"{random.Pick("auth0", "auth0", "sms", "Auth0")}|{number:x4}{random.Pick("", "/", " ", "é")}",
        Connection = $"{random.Pick("Users", "users", "staff")}{number}",
        Email = random.Chance(20) ? null : Email(random, number),
        EmailVerified = random.Chance(50),
        Username = random.Chance(50) ? null : random.Pick(Names),
        PhoneNumber = random.Chance(50) ? null : $"+1555{random.Below(20)}",
        PhoneVerified = random.Chance(50) ? null : random.Chance(50),
        Name = random.Chance(10) ? null : random.Pick(Names),
        Nickname = random.Chance(30) ? null : random.Pick(Names),
        GivenName = random.Chance(60) ? null : random.Pick(Names),
        FamilyName = random.Chance(60) ? null : random.Pick(Names),
        Blocked = random.Chance(60) ? null : random.Chance(50),
        AppMetadata = random.Chance(30) ? null : Parse(random.Pick(Metadata)),
        UserMetadata = random.Chance(50) ? null : Parse(random.Pick(Metadata)),
        LastLogin = random.Chance(50) ? null : Instant(random),
        LastPasswordReset = random.Chance(80) ? null : Instant(random),
        LastIp = random.Chance(50) ? null : $"192.0.2.{random.Below(5)}",
        LoginsCount = random.Chance(50) ? null : random.Below(30),
        CreatedAt = Instant(random),
        UpdatedAt = Instant(random),
    };

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

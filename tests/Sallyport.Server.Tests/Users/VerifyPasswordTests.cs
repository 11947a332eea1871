using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Users;

public sealed class VerifyPasswordTests(Servers servers) : IClassFixture<Servers>
{
    /// <summary>Anybody can send passwords, and each one takes a core for long.</summary>
    [Fact]
    public async Task A_flood_of_passwords_leaves_cores_to_other_requests()
    {
        const int Competitors = 32;
        var server = await servers.GetAsync(Engine.Sqlite);
        using var hasher = new SlowHasher();
        var verify = new VerifyPassword(server.Database, hasher, server.Services.GetRequiredService<SecretHash>(), server.Clock);

        var results = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(i => Task.Run(
            () => verify.RunAsync(TenantId.Default, new PasswordLogin("db", $"nobody-{i}-{Guid.CreateVersion7():N}", "x"), CancellationToken.None).AsTask())));

        results.ShouldAllBe(result => result.Outcome == VerifyPasswordOutcome.Wrong);
        hasher.Most.ShouldBeInRange(1, VerifyPassword.MaxConcurrent);
    }

    private sealed class SlowHasher : PasswordHasher<User>, IDisposable
    {
        private readonly ManualResetEventSlim never = new();
        private int running;
        private int most;

        public int Most => most;

        public void Dispose() => never.Dispose();

        public override string HashPassword(User user, string password) => "";

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            var now = Interlocked.Increment(ref running);
            for (var known = most; now > known; known = most)
            {
                Interlocked.CompareExchange(ref most, now, known);
            }

            never.Wait(TimeSpan.FromMilliseconds(10));
            Interlocked.Decrement(ref running);
            return PasswordVerificationResult.Failed;
        }
    }
}

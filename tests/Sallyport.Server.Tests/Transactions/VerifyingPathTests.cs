using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Push;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Factors.Push;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.SignIn.OpenIdConnect;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>
/// Every route that verifies a factor, and the limit that protects it (CVE-2026-9798, CVE-2024-32868). The routes are found in the routing table
/// and in the code, so a new one fails here until its limit is proved.
/// </summary>
public sealed class VerifyingPathTests(GuessServers servers) : IClassFixture<GuessServers>
{
    private const int Competitors = 30;

    /// <summary>Wrong responses that are evaluated: those of a user at sign-in, of a transaction in an enrollment, and of a password.</summary>
    private const int Budget = 10;

    /// <summary>Challenges of a user at once: a response uses one up (docs/webauthn.md, docs/duo.md).</summary>
    private const int Credentials = 15;

    private const int Visits = 20;

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<string, Path> Guessable = new Path[]
    {
        new("POST /api/verify-otp", "otp", Budget, GuessScene.OfAppAsync),
        new("POST /api/verify-otp", "sms", Budget, GuessScene.OfPhoneAsync),
        new("POST /api/verify-otp", "email", Budget, GuessScene.OfEmailAsync),
        new("POST /api/verify-otp", "otp", Budget, GuessScene.OfAppEnrollmentAsync) { Enrolls = true },
        new("POST /api/verify-otp", "sms", Budget, GuessScene.OfPhoneEnrollmentAsync) { Enrolls = true },
        new("POST /api/verify-otp", "email", Budget, GuessScene.OfEmailEnrollmentAsync) { Enrolls = true },
        new("POST /api/recover-account", "recovery-code", Budget, GuessScene.OfRecoveryCodeAsync),
        new("POST /api/webauthn/verify", "webauthn-roaming", Credentials, GuessScene.OfCredential("webauthn-roaming")),
        new("POST /api/webauthn/verify", "webauthn-platform", Credentials, GuessScene.OfCredential("webauthn-platform")),
        new("POST /api/webauthn/verify", "webauthn-roaming", Budget, GuessScene.OfCredentialEnrollment("webauthn-roaming")) { Enrolls = true },
        new("POST /api/webauthn/verify", "webauthn-platform", Budget, GuessScene.OfCredentialEnrollment("webauthn-platform")) { Enrolls = true },
        new("GET /mfa/duo/callback", "duo", Visits, GuessScene.OfDuoAsync),
        // Of visits at once only the last one can be completed; the others are refused without being evaluated.
        new("GET /mfa/duo/callback", "duo", Budget, GuessScene.OfDuoEnrollmentAsync) { Enrolls = true, RefusedAtOnce = Visits },
        new("POST /oauth/token", "otp", Budget, GuessScene.OfAppInMfaApiAsync),
        new("POST /oauth/token", "sms", Budget, GuessScene.OfPhoneInMfaApiAsync),
        new("POST /oauth/token", "email", Budget, GuessScene.OfEmailInMfaApiAsync),
        new("POST /oauth/token", "recovery-code", Budget, GuessScene.OfRecoveryCodeInMfaApiAsync),
        new("POST /oauth/token", "password", Budget, GuessScene.OfPasswordAsync),
    }.ToDictionary(path => path.ToString());

    /// <summary>Routes whose limit is proved elsewhere, and the test that proves it.</summary>
    private static readonly Dictionary<string, (string Factor, string Test)> Others = new()
    {
        ["POST /authorize/password"] = ("password", nameof(PasswordPageTests.Of_sixteen_wrong_passwords_at_once_ten_are_evaluated)),
        ["POST /dashboard/sign-in"] = ("password", nameof(Dashboard.SignInTests.Wrong_passwords_lock_an_administrator_out_as_they_do_a_user)),
        // Nobody can guess a signature of a phone, or its token of 48 characters.
        ["POST /api/resolve-transaction"] = ("push-notification", nameof(PushAnswerTests.A_locked_out_user_cannot_accept_and_bad_signatures_lock_nobody_out)),
        ["PATCH /api/device-accounts/{id}"] = ("push-notification", nameof(DeviceAccountTests.No_other_token_changes_or_removes_a_phone)),
        ["DELETE /api/device-accounts/{id}"] = ("push-notification", nameof(DeviceAccountTests.No_other_token_changes_or_removes_a_phone)),
        ["GET /rich-consents/{id}"] = ("push-notification", nameof(DeviceAccountTests.A_consent_shows_the_number_of_the_page_once_for_each_proof)),
    };

    /// <summary>What tells a right response from a wrong one.</summary>
    private static readonly MethodBase[] Verifications =
    [
        typeof(IFactor).GetMethod(nameof(IFactor.Verify))!,
        typeof(IFactor).GetMethod(nameof(IFactor.Evaluate))!,
        typeof(IRedirectFactor).GetMethod(nameof(IRedirectFactor.CheckReturnAsync))!,
        typeof(DeviceToken).GetMethod(nameof(DeviceToken.Read))!,
        CallGraph.Definition(typeof(PasswordHasher<User>).GetMethod(nameof(PasswordHasher<>.VerifyHashedPassword))!),
    ];

    private static readonly Lazy<CallGraph> Graph = new(() => new CallGraph(typeof(Program).Assembly));

    /// <summary>The throttle belongs to the verification, so that no endpoint can forget it (CVE-2024-0227).</summary>
    [Fact]
    public void Responses_are_verified_in_five_places_only()
    {
        Gates().Select(type => type.Name).Order().ShouldBe(
            [nameof(CompleteRedirect), nameof(DeviceAuthentication), nameof(ReadConsent), nameof(VerifyPassword), nameof(VerifyResponse)]);
    }

    [Fact]
    public async Task Every_route_that_verifies_a_factor_has_a_limit_that_is_proved()
    {
        var server = await servers.Any.GetAsync(Engine.Sqlite);
        var gates = Gates().ToList().SelectMany(type => type.GetMethods()).Select(CallGraph.Definition).ToHashSet();

        var verifying = MappedEndpoint.List(server)
            .Where(endpoint => Graph.Value.ReachableFrom(HandlersOf(endpoint.Endpoint)).Overlaps(gates))
            .Select(endpoint => endpoint.ToString().Replace("/appliance-mfa", "", StringComparison.Ordinal))
            .Distinct()
            .ToList();

        verifying.Order().ShouldBe(Guessable.Values.Select(path => path.Route).Concat(Others.Keys).Distinct().Order());
        Guessable.Values.Select(path => path.Factor).Concat(Others.Values.Select(other => other.Factor)).Distinct()
            .ShouldBe(server.Services.GetRequiredService<FactorCatalog>().Verifiable.Select(traits => traits.Name).Append("password"), ignoreOrder: true);
    }

    [Fact]
    public async Task The_code_of_every_endpoint_is_followed_but_that_of_the_viewer_of_the_OpenAPI_document()
    {
        var endpoints = MappedEndpoint.List(await servers.Any.GetAsync(Engine.Sqlite));
        var foreign = endpoints.Where(endpoint => !HandlersOf(endpoint.Endpoint).Any()).ToList();

        // What a handler with metadata has captured cannot be read.
        endpoints.Except(foreign).Select(endpoint => endpoint.Endpoint.Metadata.GetMetadata<MethodInfo>()).OfType<MethodInfo>()
            .SelectMany(handler => handler.DeclaringType!.GetFields(Declared))
            .Where(field => !field.IsStatic && field.FieldType.IsAssignableTo(typeof(Delegate)))
            .ShouldBeEmpty();

        foreign.ShouldAllBe(endpoint => endpoint.Method == "GET" && endpoint.Pattern.StartsWith("/docs/", StringComparison.Ordinal));
    }

    [Theory, EnginesAndPaths]
    public async Task After_too_many_wrong_responses_the_right_one_is_not_evaluated(Engine engine, string path)
    {
        var scene = await Guessable[path].Begin(servers, engine);

        for (var i = 0; i < Guessable[path].Allowed; i++)
        {
            (await scene.GuessAsync()).ShouldBe(Guess.Wrong, $"{i}");
        }

        (await scene.GuessAsync()).ShouldBe(Guess.NotEvaluated);
        (await scene.AnswerAsync()).ShouldBe(Guess.NotEvaluated);
    }

    /// <summary>CVE-2023-47111, CVE-2023-33170.</summary>
    [Theory, EnginesAndPaths]
    public async Task Of_thirty_wrong_responses_at_once_no_more_are_evaluated(Engine engine, string path)
    {
        var scene = await Guessable[path].Begin(servers, engine);

        var guesses = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => scene.GuessAsync()));

        guesses.Count(guess => guess == Guess.Wrong).ShouldBe(Guessable[path].RefusedAtOnce);
        guesses.ShouldNotContain(Guess.Accepted);
        (await scene.AnswerAsync()).ShouldBe(Guess.NotEvaluated);
    }

    public static TheoryData<string> Paths() => [.. Guessable.Keys];

    /// <summary>Without it the tests above would prove nothing.</summary>
    [Theory, MemberData(nameof(Paths))]
    public async Task The_right_response_is_accepted_before_the_limit(string path)
    {
        var scene = await Guessable[path].Begin(servers, Engine.Sqlite);

        (await scene.GuessAsync()).ShouldBe(Guess.Wrong);
        (await scene.AnswerAsync()).ShouldBe(Guess.Accepted);
    }

    /// <summary>Keys and visits have their own test: each response answers a challenge that ends the others.</summary>
    [Theory, EnginesAndPaths(OfCodes = true)]
    public async Task Of_sixteen_right_responses_at_once_one_is_accepted(Engine engine, string path)
    {
        var scene = await Guessable[path].Begin(servers, engine);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.AnswerAsync()));

        answers.Count(answer => answer == Guess.Accepted).ShouldBe(1, string.Join(' ', answers));
        (await scene.AnswerAsync()).ShouldNotBe(Guess.Accepted);
    }

    public static TheoryData<string> SecondFactorPaths() => [.. Guessable.Values.Where(path => path.IsSecondFactor).Select(path => path.ToString())];

    [Theory, MemberData(nameof(SecondFactorPaths))]
    public async Task The_right_response_is_refused_after_the_factor_was_switched_off_or_the_user_blocked(string path)
    {
        var factor = Guessable[path].Factor;
        var (off, blocked) = (await Guessable[path].Begin(servers, Engine.Sqlite), await Guessable[path].Begin(servers, Engine.Sqlite));

        await off.Person.SetFactorAsync(factor, enabled: false);
        var answer = await off.AnswerAsync();
        await off.Person.SetFactorAsync(factor, enabled: true);
        (await blocked.Person.PatchAsync(new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        answer.ShouldNotBe(Guess.Accepted);
        (await blocked.AnswerAsync()).ShouldNotBe(Guess.Accepted);
    }

    private static IEnumerable<Type> Gates() => Graph.Value.CallersOf(Verifications)
        .Select(CallGraph.WrittenType)
        .Distinct()
        .Where(type => type != typeof(IFactor) && !type.IsAssignableTo(typeof(IStoredFactor)));

    /// <summary>The handler, and what reads its parameters from the request.</summary>
    private static IEnumerable<MethodBase> HandlersOf(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler ? [handler] : MethodsOf(endpoint.RequestDelegate!))
            .Where(method => method.Module.Assembly == typeof(Program).Assembly)
            .SelectMany(method => method.GetParameters().SelectMany(parameter => BindersOf(parameter.ParameterType)).Prepend(method));

    /// <summary>The method of a delegate, those of the delegates that it has captured, and those of the components that its type arguments name.</summary>
    private static IEnumerable<MethodBase> MethodsOf(Delegate handler)
    {
        var seen = new HashSet<Delegate>();
        var open = new Queue<Delegate>([handler]);
        while (open.TryDequeue(out var next))
        {
            if (seen.Add(next) && next.Target is { } closure && closure.GetType().Assembly == typeof(Program).Assembly)
            {
                closure.GetType().GetFields(Declared & ~BindingFlags.Static).Select(field => field.GetValue(closure)).OfType<Delegate>().ToList().ForEach(open.Enqueue);
            }
        }

        return seen.SelectMany(each => ComponentsOf(each.Method).SelectMany(component => component.GetMethods(Declared)).Prepend(each.Method));
    }

    private static IEnumerable<Type> ComponentsOf(MethodInfo method) =>
        method.GetGenericArguments().Concat(method.DeclaringType!.GetGenericArguments()).Where(type => type.IsAssignableTo(typeof(IComponent)));

    private static IEnumerable<MethodBase> BindersOf(Type type) => type.Assembly != typeof(Program).Assembly
        ? []
        : type.GetMethods().Where(method => method.Name == "BindAsync")
            .Concat(type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Where(parameter => parameter.ParameterType != type)
                .SelectMany(parameter => parameter.ParameterType.GetMethods().Where(method => method is { Name: "BindAsync", IsStatic: true })));

    /// <param name="Route">Under the base without <c>/appliance-mfa</c>.</param>
    /// <param name="Allowed">So many wrong responses are evaluated one after the other.</param>
    internal sealed record Path(string Route, string Factor, int Allowed, Func<GuessServers, Engine, Task<GuessScene>> Begin)
    {
        public bool Enrolls { get; init; }

        public bool IsSecondFactor => Factor != "password";

        public bool TakesCode => IsSecondFactor && !Factor.StartsWith("webauthn-", StringComparison.Ordinal) && Factor != "duo";

        /// <summary>So many are refused as wrong if they are sent at once.</summary>
        public int RefusedAtOnce { get; init; } = Allowed;

        public override string ToString() => $"{Route} {Factor}{(Enrolls ? ", enrolling" : "")}";
    }

    /// <summary>Runs a theory for every guessable path on every engine.</summary>
    private sealed class EnginesAndPathsAttribute : Xunit.v3.DataAttribute
    {
        public bool OfCodes { get; init; }

        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
            ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
                [.. from engine in Enum.GetValues<Engine>() from path in Guessable.Values where path.TakesCode || !OfCodes
                    select new TheoryDataRow<Engine, string>(engine, path.ToString())]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Factors.WebAuthn;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>The call with which the page adds the device of the browser after a sign-in with another factor.</summary>
public sealed class OfferFactorTests(Servers servers) : IClassFixture<Servers>
{
    private static JsonObject SelfService => new() { ["self_service_enrollment"] = true };

    [Theory, Engines]
    public async Task A_device_is_added_with_the_sign_in_and_the_application_gets_the_result_of_the_sign_in(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (signIn, flow) = await scene.SignInAsync(SelfService);

        var adding = await scene.AddAsync(flow);

        adding.IsEnrolling.ShouldBeTrue();
        adding.Json["available_enrollment_methods"].Texts().ShouldBe([WebAuthnScene.Platform]);
        await scene.RegisterAsync(adding);
        (await scene.Person.ListEnrollmentsAsync()).Count.ShouldBe(2);
        (await scene.Person.ListGuardianLogAsync()).TakeLast(3).ShouldBe(["gd_auth_succeed", "gd_start_enroll", "gd_enrollment_complete"]);
        var result = (await scene.Application.RedeemAsync(signIn)).ShouldBe(HttpStatusCode.OK);
        result["amr"].Texts().ShouldBe(["mfa", "otp"]);
    }

    /// <summary>It is a sign-in of its own, which no application has begun.</summary>
    [Theory, Engines]
    public async Task The_result_of_adding_the_device_opens_nothing(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (_, flow) = await scene.SignInAsync(SelfService);
        var adding = await scene.AddAsync(flow);
        await scene.RegisterAsync(adding);

        var state = await scene.Person.Guardian.GetStateAsync(adding);
        var opened = await new Browser(scene.Person.Server).PostAsync("/mfa/your-factors", ("signature", (string)state["token"]!));
        var redeemed = await scene.Application.RedeemAsync(new SignInStart(new JsonObject { ["transaction_id"] = (string)state["id"]! }));

        opened.Status.ShouldNotBe(HttpStatusCode.SeeOther);
        redeemed.Status.ShouldBe(HttpStatusCode.NotFound);
        (await scene.OfferAsync(adding)).Status.ShouldBe(HttpStatusCode.NotFound, "It adds nothing more.");
    }

    [Theory, Engines]
    public async Task Nothing_is_added_without_a_fresh_sign_in_that_may_add_it(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var pending = await scene.Person.StartSignInAsync(await scene.Application.StartAsync(scene.Person, SelfService));
        (await scene.OfferAsync(pending)).Status.ShouldBe(HttpStatusCode.NotFound);

        foreach (var changes in new JsonObject[]
        {
            new() { ["self_service_enrollment"] = false },
            new() { ["self_service_enrollment"] = true, ["factors"] = new JsonArray("otp") },
        })
        {
            var (_, refused) = await scene.SignInAsync(changes);
            (await scene.OfferAsync(refused)).Status.ShouldBe(HttpStatusCode.NotFound, changes.ToJsonString());
        }

        var (redeemed, used) = await scene.SignInAsync(SelfService);
        (await scene.Application.RedeemAsync(redeemed)).ShouldBe(HttpStatusCode.OK);
        (await scene.OfferAsync(used)).Status.ShouldBe(HttpStatusCode.NotFound);

        var (_, late) = await scene.SignInAsync(SelfService);
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(5));
        (await scene.OfferAsync(late)).Status.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task Nothing_is_added_after_an_enrollment_or_for_a_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetOnLocalhostAsync(engine));
        var application = await Application.CreateAsync(person.Server);
        var scene = new Scene(person, application, null!);
        var enrolling = await person.StartSignInAsync(await application.StartAsync(person, SelfService));
        (await person.Guardian.VerifyAsync(enrolling, person.Guardian.CodeOf(enrolling))).ShouldBe(HttpStatusCode.OK);

        (await scene.OfferAsync(enrolling)).Status.ShouldBe(HttpStatusCode.NotFound);
        person.Clock.Advance(TimeSpan.FromSeconds(30));
        var byTicket = await person.StartAsync();
        (await person.Guardian.VerifyAsync(byTicket, person.Guardian.CodeOf(enrolling))).ShouldBe(HttpStatusCode.OK);
        (await scene.OfferAsync(byTicket)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, Engines]
    public async Task Nothing_is_added_to_a_device_that_the_user_has_or_once_the_factor_that_signed_in_is_gone(Engine engine)
    {
        var scene = await CreateAsync(engine);
        var (_, first) = await scene.SignInAsync(SelfService);
        var adding = await scene.AddAsync(first);
        await scene.RegisterAsync(adding);
        (await scene.OfferAsync(first)).Status.ShouldBe(HttpStatusCode.NotFound);

        var other = await CreateAsync(engine);
        var (_, flow) = await other.SignInAsync(SelfService);
        var enrollment = (string)(await other.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!["id"]!;
        (await other.Person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrollment)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await other.OfferAsync(flow)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_the_token_of_a_transaction_nothing_is_added()
    {
        var scene = await CreateAsync(Engine.Sqlite);

        foreach (var authorization in new[] { null, "Bearer", "Bearer x", "Bearer " + (await scene.Application.StartAsync(scene.Person, SelfService)).RequestToken })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Scene.Path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await scene.Person.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, authorization);
        }
    }

    private async Task<Scene> CreateAsync(Engine engine)
    {
        var webAuthn = await WebAuthnScene.CreateAsync(servers, engine);
        return new Scene(webAuthn.Person, await Application.CreateAsync(webAuthn.Person.Server), await webAuthn.Person.EnrollAsync());
    }

    private sealed record Scene(Person Person, Application Application, Flow Enrolled)
    {
        public const string Path = "/mfa/offered-factor";

        /// <summary>Signs in with the authenticator app.</summary>
        public async Task<(SignInStart SignIn, Flow Flow)> SignInAsync(JsonObject changes)
        {
            var signIn = await Application.StartAsync(Person, changes);
            var flow = await Person.StartSignInAsync(signIn);
            Person.Clock.Advance(TimeSpan.FromSeconds(30));
            (await Person.Guardian.VerifyAsync(flow, Person.Guardian.CodeOf(Enrolled))).ShouldBe(HttpStatusCode.OK);
            return (signIn, flow);
        }

        public async Task<Answer> OfferAsync(Flow flow)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + flow.Token);
            using var response = await Person.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return await Answer.ReadAsync(response);
        }

        public async Task RegisterAsync(Flow adding)
        {
            var webAuthn = new WebAuthnScene(Person);
            var device = webAuthn.NewKey();
            device.IsVerified = true;
            (await webAuthn.RegisterAsync(adding, device, WebAuthnScene.Platform)).ShouldBe(HttpStatusCode.OK);
        }

        /// <returns>The transaction that adds the device.</returns>
        public async Task<Flow> AddAsync(Flow flow)
        {
            var token = (string)(await OfferAsync(flow)).ShouldBe(HttpStatusCode.OK)["request_token"]!;
            return new Flow((await Person.Guardian.SendAsync("start-flow", "Bearer " + token)).ShouldBe(HttpStatusCode.Created));
        }
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push.Providers;

/// <summary>Push messages through Amazon SNS, with the documents for FCM and APNs inside (docs/wire.md §4.5).</summary>
public sealed class SnsPushProviderTests
{
    private const string Settings = "/guardian/factors/push-notification/";

    [Theory, Engines]
    public async Task A_phone_gets_an_endpoint_with_its_first_message_and_keeps_it(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await scene.Sns.WaitForPublishAsync(1);
        (await phone.SendPushAsync(await scene.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        var published = await scene.Sns.WaitForPublishAsync(2);

        scene.Sns.Actions.ShouldBe(["CreatePlatformEndpoint", "SetEndpointAttributes", "Publish", "Publish"]);
        var (arn, endpoint) = scene.Sns.Endpoints.ShouldHaveSingleItem();
        (endpoint.Application, endpoint.Token).ShouldBe((FakeSns.FcmApplication, phone.PushToken));
        published.ShouldAllBe(request => request.Field("TargetArn") == arn);
    }

    [Fact]
    public async Task FCM_gets_the_data_message_that_the_SDK_for_Android_parses()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var request = (await scene.Sns.WaitForPublishAsync(1))[0];

        request.FieldNames.ShouldBe(["Action", "Version", "TargetArn", "MessageStructure", "Message"]);
        request.Headers["Authorization"].ShouldContain("/eu-west-1/sns/aws4_request");
        JsonNode.Parse(request.Field("Message")!).Names().ShouldBe(["GCM", "default"]);
        var content = ContentOf(request, "GCM");
        content.Names().ShouldBe(["fcmV1Message"]);
        var message = content["fcmV1Message"]!["message"]!.AsObject();
        message.Names().ShouldBe(["android", "data"]);
        message["android"]!.ToJsonString().ShouldBe("""{"priority":"HIGH","ttl":"300s"}""");
        var data = message["data"]!.AsObject();
        data.ShouldAllBe(member => member.Value!.GetValueKind() == JsonValueKind.String);
        ((string)data["dai"]!).ShouldBe(phone.Id);
        (await phone.AcceptAsync(new ReceivedPush(new JsonObject { ["payload"] = data.DeepClone() }))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task APNs_gets_the_alert_under_the_name_of_its_platform()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person, service: "APNS");

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var request = (await scene.Sns.WaitForPublishAsync(1))[0];

        scene.Sns.Endpoints.Values.ShouldHaveSingleItem().Application.ShouldBe(FakeSns.ApnsApplication);
        request.Field("MessageAttributes.entry.1.Name").ShouldBe("AWS.SNS.MOBILE.APNS.PUSH_TYPE");
        request.Field("MessageAttributes.entry.1.Value.StringValue").ShouldBe("alert");
        request.Field("MessageAttributes.entry.2.Name").ShouldBe("AWS.SNS.MOBILE.APNS_SANDBOX.TTL");
        request.Field("MessageAttributes.entry.2.Value.DataType").ShouldBe("String");
        request.Field("MessageAttributes.entry.2.Value.StringValue").ShouldBe("300");
        var content = ContentOf(request, "APNS_SANDBOX");
        content.Names().ShouldBe(["aps", "mfa"]);
        ((string)content["aps"]!["category"]!).ShouldBe("com.auth0.notification.authentication");
        (await phone.AcceptAsync(new ReceivedPush(new JsonObject { ["payload"] = content.DeepClone() }))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, Engines]
    public async Task A_phone_whose_endpoint_is_disabled_gets_no_more_messages_until_it_registers_again(Engine engine)
    {
        await using var scene = await Scene.StartAsync(engine);
        var (phone, enrolled) = await Phone.EnrollAsync(scene.Person);
        (await phone.SendPushAsync(enrolled)).ShouldBe(HttpStatusCode.OK);
        await scene.Sns.WaitForPublishAsync(1);
        scene.Sns.Endpoints.Values.Single().IsEnabled = false;

        var flow = await scene.Person.StartAsync();
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await Eventually.GetAsync(scene.Person.ListGuardianLogAsync, log => log.Contains("gd_send_pn_failure"));

        (await scene.Person.ListGuardianLogAsync()).ShouldContain("gd_push_disabled");
        (await phone.SendPushAsync(flow)).ShouldBeError(HttpStatusCode.Forbidden, "pn_endpoint_disabled");
        scene.Sns.Published.Count().ShouldBe(2);

        // The app was installed again: the endpoint of its address exists.
        var credentials = new { push_credentials = new { service = "GCM", token = phone.PushToken } };
        (await phone.PatchAsync((string)phone.Account["token"]!, credentials)).ShouldBe(HttpStatusCode.OK);
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await scene.Sns.WaitForPublishAsync(3);
        scene.Sns.Endpoints.Values.ShouldHaveSingleItem().IsEnabled.ShouldBeTrue();
    }

    [Fact]
    public async Task An_endpoint_that_was_deleted_or_belongs_to_another_application_is_replaced()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await scene.Sns.WaitForPublishAsync(1);

        scene.Sns.Endpoints.Clear();
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await scene.Sns.WaitForPublishAsync(3);
        var replaced = scene.Sns.Endpoints.Keys.ShouldHaveSingleItem();
        await scene.SetAsync(new { sns_gcm_platform_application_arn = "arn:aws:sns:eu-west-1:123456789012:app/GCM/Other" });
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var published = await scene.Sns.WaitForPublishAsync(4);

        published[2].Field("TargetArn").ShouldBe(replaced);
        published[3].Field("TargetArn")!.ShouldStartWith("arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/Other/");
    }

    [Fact]
    public async Task An_endpoint_that_something_else_has_created_for_the_address_is_used()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);
        const string Known = "arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/Acme/known";
        scene.Sns.Endpoints[Known] = new FakeSns.Endpoint(FakeSns.FcmApplication, phone.PushToken) { IsEnabled = false, HasUserData = true };

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);

        (await scene.Sns.WaitForPublishAsync(1))[0].Field("TargetArn").ShouldBe(Known);
        scene.Sns.Endpoints.ShouldHaveSingleItem().Value.IsEnabled.ShouldBeTrue();
    }

    [Theory]
    [InlineData("CreatePlatformEndpoint", 404, "NotFound", false)]
    [InlineData("CreatePlatformEndpoint", 400, "InvalidParameter", true)]
    [InlineData("SetEndpointAttributes", 403, "AuthorizationError", false)]
    [InlineData("Publish", 400, "PlatformApplicationDisabled", false)]
    [InlineData("Publish", 403, "InvalidClientTokenId", false)]
    [InlineData("Publish", 429, "Throttled", false)]
    [InlineData("Publish", 500, "InternalError", false)]
    [InlineData("Publish", 400, "InvalidParameter", true)]
    public async Task Any_other_refusal_disables_no_phone(string action, int status, string code, bool isPermanent)
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);
        scene.Sns.Refusal = called => called == action ? (status, code, "No.") : null;

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await Eventually.GetAsync(() => scene.Person.CountAsync("message", $"channel = 'push' AND last_error = 'Sns answered {status}: {code} No.'"), count => count == 1);

        (await scene.Person.CountAsync("message", "channel = 'push' AND failed_at IS NOT NULL")).ShouldBe(isPermanent ? 1 : 0);
        (await scene.Person.ListGuardianLogAsync()).ShouldNotContain("gd_push_disabled");
    }

    /// <summary>Another account does not keep the secret of the first one.</summary>
    [Theory]
    [InlineData("sns_gcm_platform_application_arn", null)]
    [InlineData("aws_region", null)]
    [InlineData("aws_access_key_id", "AKIDANOTHER")]
    public async Task Without_an_application_or_an_account_a_phone_gets_no_message(string setting, string? value)
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(scene.Person);
        await scene.SetAsync(new Dictionary<string, string?> { [setting] = value });

        (await phone.SendPushAsync(flow)).ShouldBeError(HttpStatusCode.NotFound, "push_notification_not_configured");
        scene.Sns.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("arn:aws:sns:eu-west-1:123456789012:app/APNS/Acme")]
    [InlineData("arn:aws:sns:eu-west-1:123456789012:endpoint/GCM/Acme/1")]
    [InlineData("Acme")]
    public async Task An_ARN_of_something_else_is_a_fault_of_the_configuration(string arn)
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);
        await scene.SetAsync(new { sns_gcm_platform_application_arn = arn });

        var answer = (await scene.TestAsync(new { token = "phone", service = "GCM" })).ShouldBe(HttpStatusCode.OK);

        answer.ToJsonString().ShouldBe("""{"accepted":false,"error":"sns_gcm_platform_application_arn is not the ARN of a platform application for GCM."}""");
        scene.Sns.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_message_says_at_once_what_SNS_answers()
    {
        await using var scene = await Scene.StartAsync(Engine.Sqlite);

        var accepted = (await scene.TestAsync(new { token = "phone", service = "APNS" })).ShouldBe(HttpStatusCode.OK);
        scene.Sns.Refusal = action => action == "Publish" ? (403, "AuthorizationError", "User is not authorized") : null;
        var refused = (await scene.TestAsync(new { token = "phone", service = "APNS" })).ShouldBe(HttpStatusCode.OK);

        accepted.ToJsonString().ShouldBe("""{"accepted":true,"message_id":"567910cd-659e-55d4-8ccb-5aaf14679dc0"}""");
        refused.ToJsonString().ShouldBe("""{"accepted":false,"error":"Sns answered 403: AuthorizationError User is not authorized"}""");
        (await scene.TestAsync(new { token = "phone", service = "SMS" })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await scene.Person.Management.SendAsync(HttpMethod.Put, Settings + "providers/sns", new { aws_access_key_id = "another" })).ShouldBe(HttpStatusCode.OK);
        (await scene.TestAsync(new { token = "phone", service = "APNS" })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static JsonObject ContentOf(ReceivedRequest request, string platform) =>
        JsonNode.Parse((string)JsonNode.Parse(request.Field("Message")!)![platform]!)!.AsObject();

    private sealed record Scene(FakeSns Sns, Person Person) : IAsyncDisposable
    {
        public static async Task<Scene> StartAsync(Engine engine)
        {
            var sns = await FakeSns.StartAsync();
            var server = await TestServer.StartAsync(engine, ("Sallyport:Providers:Sns:BaseAddress", sns.Url));
            var scene = new Scene(sns, await Person.CreateAsync(server));
            await scene.SetAsync(new
            {
                aws_access_key_id = FakeSns.KeyId,
                aws_secret_access_key = FakeSns.Secret,
                aws_region = FakeSns.Region,
                sns_apns_platform_application_arn = FakeSns.ApnsApplication,
                sns_gcm_platform_application_arn = FakeSns.FcmApplication,
            });
            (await scene.Person.Management.SendAsync(HttpMethod.Put, Settings + "selected-provider", new { provider = "sns" })).ShouldBe(HttpStatusCode.OK);
            return scene;
        }

        public async Task SetAsync(object change) =>
            (await Person.Management.SendAsync(HttpMethod.Patch, Settings + "providers/sns", change)).ShouldBe(HttpStatusCode.OK);

        public Task<Answer> TestAsync(object body) => Person.Management.SendAsync(HttpMethod.Post, Settings + "providers/sns/test", body);

        public async ValueTask DisposeAsync()
        {
            await Person.Server.DisposeAsync();
            await Sns.DisposeAsync();
        }
    }
}

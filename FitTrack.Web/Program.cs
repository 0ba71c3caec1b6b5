using FitTrack.ServiceDefaults;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Web.Api;
using FitTrack.Web.Components;
using FitTrack.Web.Components.Layout;
using FitTrack.Web.Components.Trackers;
using FitTrack.Web.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.Services.AddRazorComponents();
builder.Services.AddWebSecurity(builder.Configuration, builder.Environment);
builder.Services.AddFitTrackApiClient();
builder.Services.AddResponseCompression(o => o.EnableForHttps = true);

var app = builder.Build();
app.UseClientAddress();
app.UseSecurityHeaders("strict-origin-when-cross-origin");
app.UseHostName();
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseTestPageInDevelopmentOnly();
app.UseResponseCompression();
app.UseCulture();
app.UseAuthentication();
app.UseKeptForms();
app.UseAuthorization();
app.UseFormProtection();
app.UsePageAddresses();

app.MapStaticAssets();
app.MapDefaultEndpoints();
app.MapSignIn();
app.MapTheme();
app.MapApiStreams();
app.MapTrackerReturn();
app.MapApiPassThrough();
app.MapPublishedProofs();
app.MapRazorComponents<App>().WithStaticAssets();

app.Run();

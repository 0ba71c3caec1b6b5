using FitTrack.Api.Accounts;
using FitTrack.Api.Activities;
using FitTrack.Api.Administration;
using FitTrack.Api.Drawings;
using FitTrack.Api.Fulfillments;
using FitTrack.Api.Http;
using FitTrack.Api.Leaderboards;
using FitTrack.Api.Notifications;
using FitTrack.Api.Points;
using FitTrack.Api.Privacy;
using FitTrack.Api.Reports;
using FitTrack.Api.Trackers;
using FitTrack.Core;
using FitTrack.Core.Data;
using FitTrack.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddFitTrackDatabase();
builder.AddApiHttp();
builder.Services.AddFitTrackCore();
builder.Services.AddScoped<DrawingReader>();
builder.Services.AddAccountsApi();
builder.Services.AddSharedLimits();
builder.Services.AddActivitiesApi();

var app = builder.Build();
app.UseApiHttp();
app.MapDefaultEndpoints("/api/v1/health");
app.MapApiDocuments();
app.MapJwks();
app.MapMailDrop();

// Whoever forgets a policy gets this one; each group says its own.
var v1 = app.MapGroup("/api/v1").RequireAuthorization();
v1.MapAuth();
v1.MapMe();
v1.MapMySecurity();
v1.MapUserAdministration();
v1.MapAudit();
v1.MapPublicProfiles();
v1.MapPrivacy();
v1.MapReports();
v1.MapLeaderboards();
v1.MapDrawings();
v1.MapTickets();
v1.MapAdminDrawings();
v1.MapSponsors();
v1.MapFulfillments();
v1.MapAdminFulfillments();
v1.MapDemoData();
app.MapDrawKeys();
v1.MapActivities();
v1.MapPoints();
v1.MapConnections();
v1.MapWebhooks();

await app.RunAsync();
